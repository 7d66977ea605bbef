// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.junit;

import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.VmHost;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

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
        return type == Vm.class || type == VmBuilder.class || type == VmHost.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        if (type == VmHost.class) {
            return host(context);
        }
        VmBuilder builder = builder(context);
        return type == VmBuilder.class ? builder : builder.start();
    }

    private static VmBuilder builder(ExtensionContext context) {
        String name = context.getRequiredTestClass().getSimpleName() + "."
                + context.getRequiredTestMethod().getName() + suffix(context);
        TestVms vms = context.getStore(NAMESPACE)
                .computeIfAbsent(
                        TestVms.class, key -> new TestVms(Path.of("target/qemu").toAbsolutePath()), TestVms.class);
        return vms.builder(host(context), name).classesOf(context.getRequiredTestClass());
    }

    /** Tells the invocations of a parameterized or repeated test apart. */
    private static String suffix(ExtensionContext context) {
        String id = context.getUniqueId();
        int invocation = id.lastIndexOf("-invocation:#");
        return invocation < 0
                ? ""
                : "." + id.substring(invocation + "-invocation:#".length()).replaceAll("[^0-9].*", "");
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        TestVms vms = context.getStore(NAMESPACE).get(TestVms.class, TestVms.class);
        if (vms != null) {
            vms.end(context);
        }
    }

    private static VmHost host(ExtensionContext context) {
        return context.getRoot().getStore(NAMESPACE).computeIfAbsent(VmHost.class, key -> VmHost.here(), VmHost.class);
    }
}
