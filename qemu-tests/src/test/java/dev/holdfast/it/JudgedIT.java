// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.holdfast.codegen.files.TextTree;
import dev.holdfast.codegen.render.ModuleOption;
import dev.holdfast.codegen.render.ModuleOptions;
import dev.holdfast.vm.VmHost;
import dev.holdfast.vm.junit.Kernels;
import dev.holdfast.vm.kernel.KernelList;
import dev.holdfast.vm.kernel.KernelSpec;
import dev.holdfast.vm.kernel.ModuleJudge;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is rendered passes for hand-written before the tools of the kernel's own developers. */
class JudgedIT {

    private static final ModuleOptions ALL = new ModuleOptions(Set.of(ModuleOption.values()));
    private static final ModuleOptions NONE = new ModuleOptions(Set.of());

    /** A fault for each judge: on its lines 4, 6, 7 and 9. */
    private static final String FAULT = """

            #include <linux/slab.h>

            static __le32 faulty(void *memory)
            {
            \tif (memory == NULL)
            \t\treturn 1;
            \tif (memory)
            \t\tkfree(memory);
            \treturn 0;
            }
            """;

    private final VmHost host = VmHost.here();

    @BeforeEach
    void the_tools_are_there() {
        if (!Boolean.getBoolean("qemu.required")) {
            assumeThat(ModuleJudge.missing()).isEmpty();
        }
    }

    /** About the module with all options, the next test shows it. */
    @Kernels
    void the_compiler_sparse_and_checkpatch_are_silent_about_the_module(KernelSpec kernel) {
        for (ModuleOptions options :
                Effort.isWhole() ? List.of(ModuleOptions.defaults(), NONE) : List.of(ModuleOptions.defaults())) {
            assertThat(remarks(kernel, module(kernel, options)))
                    .as("the module with: " + options.words())
                    .isEmpty();
        }
    }

    /** A judge who gives up on a header is silent about each file that includes it: no file may pass for another. */
    @Kernels
    void the_compiler_sparse_and_checkpatch_find_a_fault_in_every_file_and_nothing_else(KernelSpec kernel) {
        TextTree module = module(kernel, ALL);
        List<String> remarks = remarks(kernel, faulty(module));

        Map<String, String> code = code(module);
        assertThat(code).isNotEmpty();
        code.forEach((file, content) -> {
            int line = lines(content);
            assertThat(remarks)
                    .as("the compiler on " + file)
                    .anyMatch(told(file, line + 4, "defined but not used"))
                    .as("checkpatch on " + file)
                    .anyMatch(told("checkpatch: " + file, line + 6, "CHECK: Comparison to NULL"))
                    .anyMatch(told("checkpatch: " + file, line + 9, "WARNING: kfree(NULL) is safe"))
                    .as("sparse on " + file)
                    .anyMatch(told(file, line + 7, "incorrect type in return"));
        });
        assertThat(remarks).hasSize(4 * code.size());
    }

    /** Coccicheck is slow: one run shows both that it is silent about the module and that it can speak. */
    @Test
    @Tag("long")
    void coccicheck_finds_a_fault_beside_the_module_and_nothing_else() {
        Map<KernelSpec, TextTree> sources = new HashMap<>();
        List<String> expected = new ArrayList<>();
        for (KernelSpec kernel : KernelList.load().series()) {
            SortedMap<String, String> files =
                    new TreeMap<>(module(kernel, ModuleOptions.defaults()).files());
            files.put("faulty.c", FAULT);
            sources.put(kernel, new TextTree(files));
            expected.add(kernel.id() + ": coccicheck free/ifnullfree.cocci: faulty.c:9:2-7: "
                    + "WARNING: NULL check before some freeing functions is not needed.");
        }

        assertThat(host.judge().coccicheck(sources)).containsExactlyInAnyOrderElementsOf(expected);
    }

    private TextTree module(KernelSpec kernel, ModuleOptions options) {
        return host.moduleSources(host.kernel(kernel), options);
    }

    private List<String> remarks(KernelSpec kernel, TextTree sources) {
        return host.judge().remarks(kernel, host.kernel(kernel), sources);
    }

    private static Predicate<String> told(String file, int line, String what) {
        return remark -> remark.startsWith(file + ":" + line + ":") && remark.contains(what);
    }

    private static TextTree faulty(TextTree module) {
        SortedMap<String, String> files = new TreeMap<>(module.files());
        code(module).forEach((file, content) -> files.put(file, content + FAULT));
        return new TextTree(files);
    }

    private static Map<String, String> code(TextTree module) {
        Map<String, String> code = new TreeMap<>(module.files());
        code.keySet().removeIf(file -> !file.endsWith(".c"));
        return code;
    }

    private static int lines(String content) {
        return (int) content.lines().count();
    }
}
