// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.ClassTemplate;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs a test once for each kernel: {@code @Kernels({"6.1", "7.3"})}, or {@code @Kernels} for all series of {@code kernels.list}
 * in their first flavour. On a method it stands instead of {@code @Test}, and the runs are called {@code survives[7.3]}; on a
 * class it runs all tests of the class (Maven's reports then call the runs of a test by one name). The test's VMs run that
 * kernel; a parameter of type {@link dev.holdfast.vm.kernel.KernelSpec} tells which it is.
 *
 * <p>{@code -Dholdfast.kernels=7.3,6.12} leaves only the kernels named there. A test that has none left is skipped.
 * {@code -Dholdfast.newest=true} has the newest series, in each of its flavours where that is asked for, stand for all.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@ClassTemplate
@TestTemplate
@ExtendWith(KernelsExtension.class)
public @interface Kernels {

    /** Names as the lines of {@code kernels.list} start: {@code 7.3}, {@code 7.3-rt-amd64}. Empty: all series. */
    String[] value() default {};

    /** Whether each of these series runs in every flavour that is in the list. */
    boolean everyFlavour() default false;
}
