// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TroubleTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PANIC|[    5.8] Kernel panic - not syncing: sysrq triggered crash",
                "PANIC|Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)",
                "OOPS|[    6.090066] BUG: kernel NULL pointer dereference, address: 0000000000000000",
                "OOPS|BUG: unable to handle page fault for address: ffffc90000a3d000",
                "OOPS|[    6.091118] Oops: 0002 [#1] PREEMPT SMP NOPTI",
                "OOPS|general protection fault, probably for non-canonical address 0x6b6b6b6b6b6b6b6b: 0000 [#1]",
                "OOPS|kernel BUG at mm/memory.c:2082!",
                "OOPS|invalid opcode: 0000 [#1] PREEMPT SMP",
                "BUG|BUG: sleeping function called from invalid context at mm/slab.h:494",
                "BUG|BUG: scheduling while atomic: sh/121/0x00000002",
                "BUG|BUG: KASAN: use-after-free in tree_remove+0x1c/0x40 [holdfast]",
                "BUG|BUG: Bad page state in process java  pfn:100000",
                "BUG|BUG kmalloc-64 (Tainted: G           OE     ): Object already free",
                "WARNING|WARNING: CPU: 0 PID: 122 at trouble.c:19 cause+0x7b/0x1000 [trouble]",
                "WARNING|refcount_t: underflow; use-after-free.",
                "WARNING|mm/pgtable-generic.c:50: bad pud 000000014000027f",
                "LOCKDEP|WARNING: possible circular locking dependency detected",
                "LOCKDEP|WARNING: suspicious RCU usage",
                "LOCKDEP|WARNING: inconsistent lock state",
                "LOCKDEP|WARNING: possible recursive locking detected",
                "LOCKDEP|INFO: trying to register non-static key.",
                "LOCKDEP|INFO: lockdep is turned off.",
                "LEAK|kmemleak: 3 new suspected memory leaks (see /sys/kernel/debug/kmemleak)",
                "LEAK|kmemleak: Memory pool empty, consider increasing CONFIG_DEBUG_KMEMLEAK_MEM_POOL_SIZE",
                "SOFT_LOCKUP|watchdog: BUG: soft lockup - CPU#0 stuck for 23s! [java:130]",
                "SOFT_LOCKUP|watchdog: Watchdog detected hard LOCKUP on cpu 0",
                "RCU_STALL|rcu: INFO: rcu_preempt self-detected stall on CPU",
                "RCU_STALL|rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:",
                "HUNG_TASK|INFO: task java:130 blocked for more than 120 seconds.",
                "UBSAN|UBSAN: array-index-out-of-bounds in records.c:12:9",
                "BUSY_INODES|VFS: Busy inodes after unmount of none. Self-destruct in 5 seconds.",
                "NO_INIT|Initramfs unpacking failed: Unpacking initramfs failed",
            })
    void what_a_kernel_complains_of_is_called_by_its_name(Trouble trouble, String line) {
        assertThat(Trouble.in(line)).contains(trouble);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[    0.000000] Linux version 6.1.0-56-cloud-amd64 (debian-kernel@lists.debian.org)",
                "[    0.000000] Kernel command line: console=ttyS0 panic=-1 oops=panic softlockup_panic=1",
                "[    0.600000] Run /init as init process",
                "[    2.297832] trouble: loading out-of-tree module taints kernel.",
                "[    0.028000] tsc: Unable to calibrate against PIT",
                "[    0.577153] APIC calibration not consistent with PM-Timer: 104ms instead of 100ms",
                "[    0.100000] Spectre V2 : WARNING",
                "[    0.100000] rcu: Hierarchical RCU implementation.",
                "[    5.888876] reboot: Power down",
                "---[ end Kernel panic - not syncing: sysrq triggered crash ]---",
                "holdfast: 0x100000000: the range is claimed already",
                "kmemleak: Kernel memory leak detector initialized (mem pool available: 38021)",
                "kasan: KernelAddressSanitizer initialized (generic)",
                "Lock dependency validator: Copyright (c) 2006 Red Hat, Inc., Ingo Molnar",
            })
    void what_a_kernel_says_in_good_health_is_no_trouble(String line) {
        assertThat(Trouble.in(line)).isEmpty();
    }
}
