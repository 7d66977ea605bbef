// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.junit;

import dev.holdfast.vm.HarnessException;
import dev.holdfast.vm.OnFailure;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.VmHost;
import dev.holdfast.vm.kernel.KernelList;
import dev.holdfast.vm.kernel.KernelSpec;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** Gives tests their VMs, ends them, and keeps what they leave behind in {@code target/qemu/CLASS.METHOD/}. */
public final class QemuExtension implements ExecutionCondition, ParameterResolver, AfterEachCallback {

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(QemuExtension.class);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        String missing = host(context).missing();
        if (missing.isEmpty()) {
            return ConditionEvaluationResult.enabled("QEMU is there");
        }
        if (Boolean.getBoolean("qemu.required")) {
            throw new IllegalStateException(missing + " (and qemu.required is true)");
        }
        return ConditionEvaluationResult.disabled(missing);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Vm.class
                || type == VmBuilder.class
                || type == VmHost.class
                || type == KernelList.class
                || type == KernelSpec.class && KernelsExtension.current(context).isEmpty();
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        if (type == VmHost.class) {
            return host(context);
        }
        if (type == KernelList.class) {
            return KernelChoice.of(context).series();
        }
        if (type == KernelSpec.class) {
            return kernel(context);
        }
        VmBuilder builder = builder(context);
        return type == VmBuilder.class ? builder : builder.start();
    }

    private static VmBuilder builder(ExtensionContext context) {
        String name = context.getRequiredTestClass().getSimpleName() + "."
                + context.getRequiredTestMethod().getName() + suffix(context);
        TestVms vms = context.getStore(NAMESPACE)
                .computeIfAbsent(
                        TestVms.class,
                        key -> new TestVms(Path.of("target/qemu").toAbsolutePath(), onFailure(context)),
                        TestVms.class);
        VmBuilder builder = vms.builder(host(context), name)
                .classesOf(context.getRequiredTestClass())
                .kernel(kernel(context));
        AnnotationSupport.findAnnotation(context.getRequiredTestClass(), Machine.class)
                .ifPresent(machine -> MachineSetup.apply(machine, builder));
        AnnotationSupport.findAnnotation(context.getRequiredTestMethod(), Machine.class)
                .ifPresent(machine -> MachineSetup.apply(machine, builder));
        return builder;
    }

    /** A test that {@link Kernels} says nothing about runs on the first kernel that is left. */
    private static KernelSpec kernel(ExtensionContext context) {
        return KernelsExtension.current(context)
                .orElseGet(() -> KernelChoice.of(context).left().standard());
    }

    /** Tells the invocations of a parameterized or repeated test apart, and the kernels it runs on. */
    private static String suffix(ExtensionContext context) {
        String kernel = KernelsExtension.current(context)
                .map(spec -> "." + KernelList.known().nameOf(spec))
                .orElse("");
        String id = context.getUniqueId();
        int invocation = id.lastIndexOf("[test-template-invocation:#");
        boolean byKernel = context.getRequiredTestMethod().isAnnotationPresent(Kernels.class);
        return invocation < 0 || byKernel
                ? kernel
                : kernel + "." + id.substring(id.indexOf('#', invocation) + 1).replaceAll("[^0-9].*", "");
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        TestVms vms = context.getStore(NAMESPACE).get(TestVms.class, TestVms.class);
        if (vms != null) {
            vms.end(context);
        }
    }

    private static OnFailure onFailure(ExtensionContext context) {
        String snapshot = context.getConfigurationParameter("holdfast.snapshot").orElse("");
        if (!snapshot.isEmpty() && !snapshot.equals("region")) {
            throw new HarnessException("-Dholdfast.snapshot=" + snapshot + ": it can be region");
        }
        boolean debug = context.getConfigurationParameter("holdfast.debug")
                .filter(wanted -> !wanted.equals("false"))
                .isPresent();
        return new OnFailure(debug, !snapshot.isEmpty());
    }

    private static VmHost host(ExtensionContext context) {
        return context.getRoot().getStore(NAMESPACE).computeIfAbsent(VmHost.class, key -> VmHost.here(), VmHost.class);
    }
}
