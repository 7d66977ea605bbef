// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.probe;

import java.util.List;

/** How modules are built, and what the kernel lets them have. */
final class BuildFacts {
    private final KernelTree tree;
    private final Config config;
    private final Exports exports;

    BuildFacts(KernelTree tree, Config config, Exports exports) {
        this.tree = tree;
        this.config = config;
        this.exports = exports;
    }

    List<Fact> all() {
        return List.of(
                firmwareMap(),
                option("huge_pfnmap", "CONFIG_ARCH_SUPPORTS_HUGE_PFNMAP"),
                option("modversions", "CONFIG_MODVERSIONS"),
                Fact.yesNo("btf_vmlinux", tree.has("vmlinux"), new Place("vmlinux", 0)));
    }

    /** Whether the firmware's memory map is to be asked for in the kernel; else it is in sysfs. */
    private Fact firmwareMap() {
        String symbol = "e820__mapped_raw_any";
        if (exports.has(symbol)) {
            return new Fact("firmware_map", "e820", exports.place(symbol));
        }
        String option = "CONFIG_FIRMWARE_MEMMAP";
        config.need(option);
        exports.need(List.of("filp_open", "filp_close", "kernel_read"));
        return new Fact("firmware_map", "sysfs", config.place(option));
    }

    private Fact option(String name, String option) {
        return Fact.yesNo(name, config.isSet(option), config.place(option));
    }
}
