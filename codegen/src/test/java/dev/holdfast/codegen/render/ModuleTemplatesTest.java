// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.codegen.Tool;
import dev.holdfast.codegen.probe.Kernel;
import dev.holdfast.codegen.probe.Probe;
import dev.holdfast.codegen.probe.SyntheticKernel;
import dev.holdfast.codegen.schema.SchemaParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The module's own templates, for each kernel that they make a difference for. */
final class ModuleTemplatesTest {
    @TempDir
    Path folder;

    @Test
    void everyFileIsTidyForEveryKernel() throws IOException {
        SyntheticKernel tree = SyntheticKernel.in(folder);
        assertTidy(tree);
        assertTidy(tree.becomeLinux612());
        assertTidy(tree.becomeLinux73());
    }

    @Test
    void eachKernelGetsItsOwnSources() throws IOException {
        SyntheticKernel tree = SyntheticKernel.in(folder);

        assertThat(inode(tree)).contains("struct user_namespace *").doesNotContain("mnt_idmap");
        tree.becomeLinux612();
        assertThat(inode(tree)).contains("struct mnt_idmap *").doesNotContain("user_namespace");
        assertThat(render(tree).values()).noneMatch(text -> text.contains("LINUX_VERSION_CODE"));
    }

    private static void assertTidy(SyntheticKernel tree) throws IOException {
        render(tree)
                .forEach((name, text) -> assertThat(text)
                        .as(name)
                        .contains("SPDX-License-Identifier: GPL-2.0")
                        .endsWith("\n")
                        .doesNotEndWith("\n\n")
                        .doesNotContain("\n\n\n", "<#", "</#", "${", "\r")
                        .doesNotContainPattern("[ \t]\n"));
    }

    private static String inode(SyntheticKernel tree) throws IOException {
        return String.valueOf(render(tree).get("inode.c"));
    }

    private static Map<String, String> render(SyntheticKernel tree) throws IOException {
        Kernel kernel = Probe.of(tree.root());
        return new Renderer(Renderer.packedTemplates())
                .render(SchemaParser.packed(), kernel, Tool.current())
                .files();
    }
}
