// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.holdfast.codegen.files.TextTree;
import dev.holdfast.vm.VmHost;
import dev.holdfast.vm.junit.Kernels;
import dev.holdfast.vm.kernel.KernelList;
import dev.holdfast.vm.kernel.KernelSpec;
import dev.holdfast.vm.kernel.ModuleJudge;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is rendered passes for hand-written before the tools of the kernel's own developers. */
class JudgedIT {

    /** One fault for each judge. */
    private static final String FAULTY = """
            // SPDX-License-Identifier: GPL-2.0-only
            #include <linux/module.h>
            #include <linux/slab.h>

            static int __init faulty_init(void)
            {
            \tvoid *memory = kmalloc(8, GFP_KERNEL);
            \tint never_used;

            \tif (memory == NULL)
            \t\treturn -ENOMEM;
            \tif (memory)
            \t\tkfree(memory);
            \treturn cpu_to_le32(1);
            }
            module_init(faulty_init);

            MODULE_DESCRIPTION("faulty");
            MODULE_LICENSE("GPL");
            """;

    private final VmHost host = VmHost.here();

    @BeforeEach
    void the_tools_are_there() {
        if (!Boolean.getBoolean("qemu.required")) {
            assumeThat(ModuleJudge.missing()).isEmpty();
        }
    }

    @Kernels
    void the_compiler_sparse_and_checkpatch_are_silent(KernelSpec kernel) {
        assertThat(remarks(kernel, host.moduleSources(host.kernel(kernel)))).isEmpty();
    }

    @Kernels
    void the_compiler_sparse_and_checkpatch_find_what_they_are_there_for(KernelSpec kernel) {
        assertThat(remarks(kernel, withFaulty(Map.of("Kbuild", "obj-m := faulty.o\n"))))
                .as("the compiler")
                .anyMatch(remark -> remark.startsWith("faulty.c:8:") && remark.contains("unused variable"))
                .as("sparse")
                .anyMatch(remark -> remark.startsWith("faulty.c:14:") && remark.contains("incorrect type in return"))
                .as("checkpatch")
                .anyMatch(remark -> remark.startsWith("checkpatch: faulty.c:10: CHECK: Comparison to NULL"));
    }

    /** Coccicheck is slow: one run shows both that it is silent about the module and that it can speak. */
    @Test
    void coccicheck_finds_a_fault_beside_the_module_and_nothing_else() {
        Map<KernelSpec, TextTree> sources = new HashMap<>();
        List<String> expected = new ArrayList<>();
        for (KernelSpec kernel : KernelList.load().series()) {
            sources.put(
                    kernel, withFaulty(host.moduleSources(host.kernel(kernel)).files()));
            expected.add(kernel.id() + ": coccicheck free/ifnullfree.cocci: faulty.c:13:2-7: "
                    + "WARNING: NULL check before some freeing functions is not needed.");
        }

        assertThat(host.judge().coccicheck(sources)).containsExactlyInAnyOrderElementsOf(expected);
    }

    private List<String> remarks(KernelSpec kernel, TextTree sources) {
        return host.judge().remarks(kernel, host.kernel(kernel), sources);
    }

    private static TextTree withFaulty(Map<String, String> files) {
        TreeMap<String, String> all = new TreeMap<>(files);
        all.put("faulty.c", FAULTY);
        return new TextTree(all);
    }
}
