// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.image;

import dev.holdfast.vm.HarnessException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The order in which modules are to be loaded, from a kernel's {@code modules.dep}. */
final class ModuleOrder {

    private final Map<String, List<String>> lines = new LinkedHashMap<>();
    private final Set<String> builtIn = new LinkedHashSet<>();

    private ModuleOrder() {}

    static ModuleOrder of(Path modules) {
        try {
            return parse(
                    Files.readAllLines(modules.resolve("modules.dep")),
                    Files.readAllLines(modules.resolve("modules.builtin")));
        } catch (IOException e) {
            throw new HarnessException("cannot read what depmod wrote in " + modules, e);
        }
    }

    static ModuleOrder parse(List<String> dependencies, List<String> builtIn) {
        ModuleOrder order = new ModuleOrder();
        for (String line : dependencies) {
            String[] halves = line.split(":", 2);
            List<String> needed = Arrays.stream(halves[1].strip().split(" ", -1))
                    .filter(path -> !path.isEmpty())
                    .toList();
            order.lines.put(name(halves[0]), withSelfFirst(halves[0], needed));
        }
        builtIn.forEach(path -> order.builtIn.add(name(path)));
        return order;
    }

    private static List<String> withSelfFirst(String self, List<String> needed) {
        List<String> all = new java.util.ArrayList<>(List.of(self));
        all.addAll(needed);
        return all;
    }

    /** The paths of the modules and of what they need, in the order of loading. What is built in is left out. */
    Set<String> toLoad(List<String> names) {
        Set<String> paths = new LinkedHashSet<>();
        for (String name : names) {
            if (builtIn.contains(name)) {
                continue;
            }
            List<String> line = lines.get(name);
            if (line == null) {
                throw new HarnessException("the kernel has no module " + name);
            }
            List<String> deepestFirst = new java.util.ArrayList<>(line);
            Collections.reverse(deepestFirst);
            paths.addAll(deepestFirst);
        }
        return paths;
    }

    /** {@code kernel/fs/a-b.ko} is module {@code a_b}. */
    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1)
                .replaceFirst("\\.ko.*$", "")
                .replace('-', '_');
    }
}
