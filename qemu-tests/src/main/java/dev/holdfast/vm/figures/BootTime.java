// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.figures;

import dev.holdfast.vm.Boot;

/**
 * Where the time goes from the start of QEMU to the first line of a test's own code, in ms: up to init by the
 * host's clock, from there by the kernel's, whose resolution is 10 ms.
 *
 * @param qemu from the start of QEMU to the kernel's first line: QEMU, firmware, unpacking the kernel
 * @param kernel from there to the first line of init, the unpacking of the initial RAM file system among it
 * @param modules from there until the kernel's modules are loaded, and ours
 * @param root until the file systems are mounted
 * @param agent until the agent in its Java virtual machine is ready; here the code outside goes on
 * @param task until the first line of a task inside
 */
record BootTime(long qemu, long kernel, long modules, long root, long agent, long task) {

    private static final String INIT = "init";
    private static final String MODULES = "modules-loaded";
    private static final String ROOT = "root-mounted";
    private static final String HELLO = "hello";

    /**
     * That of a boot.
     *
     * @param boot the boot
     * @param kernelSpoke when the kernel's first line came, in ms from the start of QEMU
     * @param taskRan when the task's first line was run, in ms of the kernel's clock
     */
    static BootTime of(Boot boot, long kernelSpoke, long taskRan) {
        return new BootTime(
                kernelSpoke,
                boot.millisToInit() - kernelSpoke,
                boot.millisBetween(INIT, MODULES),
                boot.millisBetween(MODULES, ROOT),
                boot.millisBetween(ROOT, HELLO),
                taskRan - boot.millisAt(HELLO));
    }

    /** All of it. */
    long total() {
        return qemu + kernel + ours();
    }

    /** What passes after the first line of init. */
    long ours() {
        return modules + root + agent + task;
    }

    /** How much of all is ours, in percent. */
    long percentOurs() {
        return Math.round(100.0 * ours() / total());
    }
}
