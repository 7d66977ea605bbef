// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.junit;

import dev.holdfast.vm.kernel.KernelList;
import dev.holdfast.vm.kernel.KernelSpec;
import java.lang.reflect.AnnotatedElement;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContext;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContextProvider;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/** What {@link Kernels} does. */
final class KernelsExtension
        implements ClassTemplateInvocationContextProvider,
                TestTemplateInvocationContextProvider,
                ExecutionCondition,
                ParameterResolver {

    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(KernelsExtension.class);

    /** The kernel that a test runs on, if {@link Kernels} says so. */
    static Optional<KernelSpec> current(ExtensionContext context) {
        return Optional.ofNullable(context.getStore(NAMESPACE).get(KernelSpec.class, KernelSpec.class));
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Kernels wanted = annotation(context);
        if (wanted == null) {
            return ConditionEvaluationResult.enabled("one of a class that runs on several kernels");
        }
        KernelChoice choice = KernelChoice.of(context);
        return choice.of(wanted).isEmpty()
                ? ConditionEvaluationResult.disabled(
                        choice.skipped(wanted.value().length == 0 ? "all kernels" : String.join(", ", wanted.value())))
                : ConditionEvaluationResult.enabled("there are kernels to run on");
    }

    @Override
    public boolean supportsClassTemplate(ExtensionContext context) {
        return annotation(context) != null;
    }

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return annotation(context) != null;
    }

    @Override
    public Stream<Invocation> provideClassTemplateInvocationContexts(ExtensionContext context) {
        return invocations(context);
    }

    @Override
    public Stream<Invocation> provideTestTemplateInvocationContexts(ExtensionContext context) {
        return invocations(context);
    }

    private static Stream<Invocation> invocations(ExtensionContext context) {
        KernelList list = KernelList.known();
        return KernelChoice.of(context).of(Objects.requireNonNull(annotation(context))).stream()
                .map(kernel -> new Invocation("[" + list.nameOf(kernel) + "]", kernel));
    }

    private static @Nullable Kernels annotation(ExtensionContext context) {
        return context.getElement()
                .map((AnnotatedElement element) -> element.getAnnotation(Kernels.class))
                .orElse(null);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == KernelSpec.class
                && current(context).isPresent();
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return current(context).orElseThrow();
    }

    /**
     * A run on one kernel.
     *
     * @param name what reports call it
     * @param kernel the kernel
     */
    record Invocation(String name, KernelSpec kernel)
            implements ClassTemplateInvocationContext, TestTemplateInvocationContext {

        @Override
        public String getDisplayName(int index) {
            return name;
        }

        @Override
        public void prepareInvocation(ExtensionContext context) {
            context.getStore(NAMESPACE).put(KernelSpec.class, kernel);
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of();
        }
    }
}
