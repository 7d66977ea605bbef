// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InspectingTest {

    private static final String OF_THE_KERNEL = """
            unreferenced object 0xffff888003a8c000 (size 64):
              comm "swapper/0", pid 1, jiffies 4294892312
              hex dump (first 32 bytes):
                00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  ................
              backtrace (crc 0):
                __kmalloc_cache_noprof+0x2f1/0x3a0
                acpi_init+0x1c/0x30
            """;
    private static final String OF_A_MODULE = """
            unreferenced object 0xffff888003a8c040 (size 32):
              comm "sh", pid 93, jiffies 4294902312
              backtrace (crc 8f7d1a1c):
                __kmalloc_cache_noprof+0x2f1/0x3a0
                leak+0x1c/0x30 [flaws]
                param_attr_store+0x10c/0x1c0
            """;
    private static final String OF_A_MODULE_UNLOADED_BY_NOW = """
            unreferenced object 0xffff888003a8c080 (size 16):
              comm "mount", pid 94, jiffies 4294902313
              backtrace (crc 0):
                __kmalloc_cache_noprof+0x2f1/0x3a0
                0xffffffffa0201033
            """;

    @Test
    void what_modules_lost_is_told_apart_from_what_the_kernel_lost() {
        assertThat(Inspecting.lost(OF_THE_KERNEL + OF_A_MODULE + OF_A_MODULE_UNLOADED_BY_NOW))
                .containsExactly(
                        "memory leak: " + OF_A_MODULE.strip(), "memory leak: " + OF_A_MODULE_UNLOADED_BY_NOW.strip());
    }

    @Test
    void nothing_reported_is_nothing_lost() {
        assertThat(Inspecting.lost("")).isEmpty();
    }
}
