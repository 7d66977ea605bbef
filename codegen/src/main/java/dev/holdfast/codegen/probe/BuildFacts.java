// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.probe;

import java.util.List;

/** How modules are built. */
final class BuildFacts {
    private final KernelTree tree;
    private final Config config;

    BuildFacts(KernelTree tree, Config config) {
        this.tree = tree;
        this.config = config;
    }

    List<Fact> all() {
        return List.of(
                option("huge_pfnmap", "CONFIG_ARCH_SUPPORTS_HUGE_PFNMAP"),
                option("modversions", "CONFIG_MODVERSIONS"),
                Fact.yesNo("btf_vmlinux", tree.has("vmlinux"), new Place("vmlinux", 0)));
    }

    private Fact option(String name, String option) {
        return Fact.yesNo(name, config.isSet(option), config.place(option));
    }
}
