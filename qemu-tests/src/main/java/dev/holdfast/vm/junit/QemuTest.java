// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.junit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tests that run VMs. A test method takes a {@link dev.holdfast.vm.Vm}, which is running, or a {@link
 * dev.holdfast.vm.VmBuilder}, which it sets up and starts itself; both are the method's own and end with it. A {@link
 * dev.holdfast.vm.VmHost} gives access to kernels and module builds, a {@link dev.holdfast.vm.kernel.KernelList} has one kernel of
 * each series for a test that jumps between them.
 *
 * <p>Without QEMU the tests are skipped, with the reason; with {@code -Dqemu.required=true} they fail instead.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(QemuExtension.class)
@Tag("qemu")
public @interface QemuTest {}
