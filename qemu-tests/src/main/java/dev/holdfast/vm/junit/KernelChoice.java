// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.junit;

import dev.holdfast.vm.kernel.KernelList;
import dev.holdfast.vm.kernel.KernelSpec;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Which kernels tests run on: the stock kernels, or those that the run is narrowed to.
 *
 * @param known all that have a name
 * @param narrowing names of those that this run is narrowed to; empty if it is not
 * @param newest whether the newest series stands for all
 */
record KernelChoice(KernelList known, List<String> narrowing, boolean newest) {

    private static final String PROPERTY = "holdfast.kernels";
    private static final String NEWEST = "holdfast.newest";

    /** Every name of a narrowing is one of the list's, so that a slip of the pen does not skip all tests. */
    KernelChoice {
        narrowing.forEach(known::find);
    }

    /** That of this run. */
    static KernelChoice of(ExtensionContext context) {
        String names = context.getConfigurationParameter(PROPERTY).orElse("");
        return new KernelChoice(
                KernelList.known(),
                Arrays.stream(names.split(",", -1))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .toList(),
                context.getConfigurationParameter(NEWEST)
                        .map(Boolean::parseBoolean)
                        .orElse(false));
    }

    /** All that are left. */
    KernelList left() {
        return new KernelList(known.specs().stream()
                .filter(spec ->
                        narrowing.isEmpty() ? !spec.debug() : narrowing.stream().anyMatch(spec::isCalled))
                .toList());
    }

    /** The first of each series that is left. */
    KernelList series() {
        return new KernelList(left().series());
    }

    /** The kernels that an annotation asks for, of those that are left. */
    List<KernelSpec> of(Kernels wanted) {
        if (wanted.value().length == 0) {
            return wanted.everyFlavour() ? everyFlavour() : everySeries();
        }
        return Arrays.stream(wanted.value())
                .flatMap(name -> called(name).limit(wanted.everyFlavour() ? Long.MAX_VALUE : 1))
                .toList();
    }

    private List<KernelSpec> everySeries() {
        List<KernelSpec> series = left().series();
        return newest && !series.isEmpty() ? List.of(series.get(series.size() - 1)) : series;
    }

    private List<KernelSpec> everyFlavour() {
        List<KernelSpec> all = left().specs();
        return newest
                ? all.stream()
                        .filter(spec ->
                                spec.version().equals(all.get(all.size() - 1).version()))
                        .toList()
                : all;
    }

    private Stream<KernelSpec> called(String name) {
        known.find(name);
        return left().specs().stream().filter(spec -> spec.isCalled(name));
    }

    /** Says why a test that runs on some kernels only is skipped. */
    String skipped(String kernels) {
        return "runs on " + kernels + ", and -D" + PROPERTY + "=" + String.join(",", narrowing) + " leaves none of it";
    }
}
