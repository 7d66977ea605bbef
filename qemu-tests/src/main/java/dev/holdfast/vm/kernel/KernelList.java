// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.kernel;

import dev.holdfast.vm.HarnessException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The kernels that are tested, from the resource {@code kernels.list}.
 *
 * @param specs in the order of the file
 */
public record KernelList(List<KernelSpec> specs) {

    /** Reads the resource. */
    public static KernelList load() {
        try (InputStream resource = KernelList.class.getResourceAsStream("kernels.list")) {
            if (resource == null) {
                throw new HarnessException("the resource kernels.list is missing from this build");
            }
            return parse(new String(resource.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static KernelList parse(String text) {
        return new KernelList(text.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(KernelSpec::parse)
                .toList());
    }

    /** The first. */
    public KernelSpec standard() {
        return specs.get(0);
    }

    /** The first whose written form starts with {@code text}. */
    public KernelSpec find(String text) {
        return specs.stream()
                .filter(spec -> spec.toString().startsWith(text))
                .findFirst()
                .orElseThrow(() -> new HarnessException("no kernel '" + text + "'; there are: " + specs));
    }
}
