// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.probe;

import java.util.List;

/** What the module cannot do without, on any kernel. */
final class Needs {
    private static final List<String> OPTIONS = List.of("CONFIG_64BIT", "CONFIG_X86", "CONFIG_MODULES", "CONFIG_MMU");

    private static final List<String> SYMBOLS = List.of(
            "memremap",
            "memunmap",
            "vmf_insert_pfn",
            "vmf_insert_mixed",
            "unmap_mapping_range",
            "region_intersects",
            "walk_iomem_res_desc",
            "misc_register",
            "misc_deregister",
            "get_tree_nodev",
            "register_filesystem",
            "unregister_filesystem");

    private Needs() {}

    static void check(Config config, Exports exports) {
        OPTIONS.forEach(config::need);
        exports.need(SYMBOLS);
    }
}
