// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.kernel;

import dev.holdfast.vm.HarnessException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The kernels that are tested, from the resources {@code kernels.list} and {@code debug-kernels.list}.
 *
 * @param specs in the order of the file
 */
public record KernelList(List<KernelSpec> specs) {

    /** Reads the stock kernels. */
    public static KernelList load() {
        return read("kernels.list");
    }

    /** Reads the debug kernels. */
    public static KernelList debug() {
        return read("debug-kernels.list");
    }

    /** All that have a name: the stock kernels, then the debug kernels. */
    public static KernelList known() {
        return new KernelList(
                Stream.concat(load().specs().stream(), debug().specs().stream()).toList());
    }

    private static KernelList read(String name) {
        try (InputStream resource = KernelList.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new HarnessException("the resource " + name + " is missing from this build");
            }
            return parse(new String(resource.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the resource is in the repository. */
    public static Path source(Path repository) {
        return repository.resolve("qemu-tests/src/main/resources/dev/holdfast/vm/kernel/kernels.list");
    }

    static KernelList parse(String text) {
        return new KernelList(
                text.lines().filter(KernelList::isKernel).map(KernelSpec::parse).toList());
    }

    private static boolean isKernel(String line) {
        return !line.isBlank() && !line.startsWith("#");
    }

    /** The text of a list with each kernel changed; comments and empty lines stay. */
    public static String rewrite(String text, UnaryOperator<KernelSpec> change) {
        return text.lines()
                .map(line ->
                        isKernel(line) ? change.apply(KernelSpec.parse(line)).toString() : line)
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** The first. */
    public KernelSpec standard() {
        return specs.get(0);
    }

    /** The first of each version. */
    public List<KernelSpec> series() {
        Set<String> versions = new HashSet<>();
        return specs.stream().filter(spec -> versions.add(spec.version())).toList();
    }

    /** The first of that name, such as {@code 6.12} or {@code 6.12-rt-amd64}. */
    public KernelSpec find(String name) {
        return specs.stream()
                .filter(spec -> spec.isCalled(name))
                .findFirst()
                .orElseThrow(() -> new HarnessException("no kernel '" + name + "'; there are: " + specs));
    }

    /** The shortest name that {@link #find} knows a kernel by: its version, or that with the flavour. */
    public String nameOf(KernelSpec spec) {
        return find(spec.version()).equals(spec) ? spec.version() : spec.version() + "-" + spec.flavour();
    }
}
