// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The machine that a test's VMs get: {@code @Machine(memory = "1G", processors = 2, devices = "edu")}. What a class says holds for
 * all its tests; a method adds to it. {@link dev.holdfast.vm.VmBuilder} has the same words, and more.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface Machine {

    /** Memory below 4 GiB: {@code 512M} to {@code 3G}. Empty: as it was. */
    String memory() default "";

    /** Number of processors; 0: as it was. */
    int processors() default 0;

    /** More words for the kernel's command line. */
    String commandLine() default "";

    /** More devices, each as QEMU's {@code -device} takes it. */
    String[] devices() default {};

    /** Whether the holdfast module is loaded. */
    boolean holdfast() default true;
}
