// SPDX-License-Identifier: Apache-2.0
/**
 * Tests that boot stock kernels.
 *
 * <p>A test gets a {@link dev.holdfast.vm.Vm}: a QEMU that runs a stock kernel with the holdfast module loaded and an agent
 * waiting for work. The test stays outside, drives, and judges:
 *
 * <pre>{@code
 * @QemuTest
 * class SurvivalIT {
 *
 *     record Fill(String name, long bytes, long seed) {}
 *
 *     static final class FillGuestMemory implements GuestTask<Fill, List<PhysicalExtent>> {
 *         public List<PhysicalExtent> run(Fill fill, Progress progress) { ... }      // runs inside
 *     }
 *
 *     @Test
 *     void a_page_survives(Vm vm) {
 *         vm.run(FormatAndMount.class, vm.region());
 *         var extents = vm.run(FillGuestMemory.class, new Fill("vm-42", 1 << 20, 7));
 *         var before = vm.memory().snapshot(...);
 *         vm.kexec();
 *         assertThat(vm.memory().differences(before)).isEmpty();
 *         vm.run(...);                                                                // in the second kernel
 *     }
 * }
 * }</pre>
 *
 * <ul>
 *   <li>Inside runs a {@link dev.holdfast.vm.guest.GuestTask}: any class of the test with a constructor without arguments.
 *       {@link dev.holdfast.vm.Vm#sh} runs a shell command.
 *   <li>A panic, an oops, a warning, a lockup, an early end of QEMU or a missing answer fails the test at once, each with its
 *       own {@link dev.holdfast.vm.VmFailure} that names the kept console log. {@link dev.holdfast.vm.Vm#crash} is for tests
 *       that want a panic.
 *   <li>{@link dev.holdfast.vm.qemu.PhysicalMemory} looks at guest-physical memory through QEMU, and can change it.
 *   <li>Take a {@link dev.holdfast.vm.VmBuilder} instead of a Vm to choose memory, region, command line or modules.
 *   <li>What a test leaves behind is in {@code target/qemu/TEST/}: {@code console.log}, {@code qemu.cmd} (runs by itself),
 *       {@code result.json}.
 * </ul>
 *
 * <p>Environment: {@code HOLDFAST_ACCEL=auto|kvm|tcg}, {@code HOLDFAST_QEMU} (binary), {@code HOLDFAST_CACHE} (directory),
 * {@code HOLDFAST_TIMEOUT_SCALE} (factor for every deadline), {@code HOLDFAST_KEEP=failed|all|none} (work files).
 */
@NullMarked
package dev.holdfast.vm;

import org.jspecify.annotations.NullMarked;
