// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.junit;

import dev.holdfast.vm.kernel.KernelList;
import dev.holdfast.vm.kernel.KernelSpec;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Which kernels tests run on.
 *
 * @param list all there are
 * @param narrowing names of those that this run is narrowed to; empty if it is not
 */
record KernelChoice(KernelList list, List<String> narrowing) {

    private static final String PROPERTY = "holdfast.kernels";

    /** Every name of a narrowing is one of the list's, so that a slip of the pen does not skip all tests. */
    KernelChoice {
        narrowing.forEach(list::find);
    }

    /** That of this run. */
    static KernelChoice of(ExtensionContext context) {
        String names = context.getConfigurationParameter(PROPERTY).orElse("");
        return new KernelChoice(
                KernelList.load(),
                Arrays.stream(names.split(",", -1))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .toList());
    }

    /** The kernels that an annotation asks for and the narrowing leaves. */
    List<KernelSpec> of(Kernels wanted) {
        Stream<KernelSpec> kernels = wanted.value().length == 0
                ? list.series().stream()
                : Arrays.stream(wanted.value()).map(list::find);
        Stream<KernelSpec> flavours = wanted.everyFlavour()
                ? kernels.flatMap(first -> list.specs().stream().filter(spec -> spec.isCalled(first.version())))
                : kernels;
        return flavours.filter(this::leaves).toList();
    }

    /** One kernel of each series, of those that the narrowing leaves. */
    KernelList series() {
        return new KernelList(list.series().stream().filter(this::leaves).toList());
    }

    /** Whether the narrowing leaves a kernel. */
    boolean leaves(KernelSpec kernel) {
        return narrowing.isEmpty() || narrowing.stream().anyMatch(kernel::isCalled);
    }

    /** Says why a test that runs on some kernels only is skipped. */
    String skipped(String kernels) {
        return "runs on " + kernels + ", and -D" + PROPERTY + "=" + String.join(",", narrowing) + " leaves none of it";
    }
}
