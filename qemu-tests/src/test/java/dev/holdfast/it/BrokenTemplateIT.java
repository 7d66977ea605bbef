// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.codegen.Tool;
import dev.holdfast.codegen.files.TextTree;
import dev.holdfast.codegen.probe.Probe;
import dev.holdfast.codegen.render.Renderer;
import dev.holdfast.codegen.schema.SchemaParser;
import dev.holdfast.vm.HarnessException;
import dev.holdfast.vm.VmHost;
import dev.holdfast.vm.kernel.Kernel;
import dev.holdfast.vm.kernel.KernelList;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the kernel's own build says of a template that renders to something that is no C. */
class BrokenTemplateIT {

    private static final String MACROS = """
            <#macro answer of>
            int ${of}(void)
            {
                return nothing;
            }
            </#macro>
            """;

    private static final String SOURCE = """
            <#include "/macros.ftl">
            // SPDX-License-Identifier: GPL-2.0-only
            #include <linux/module.h>

            <#if kernel.release?has_content>
            <@answer "broken"/>
            </#if>
            int other(void)
            {
                return ${kernel.release?length} +;
            }
            """;

    @Test
    void an_error_names_template_and_line_wherever_the_text_comes_from() throws IOException {
        VmHost host = VmHost.here();
        Kernel kernel = host.kernel(KernelList.load().standard());
        TextTree templates = new TextTree(new TreeMap<>(Map.of(
                "macros.ftl",
                MACROS,
                "module/broken.c.ftl",
                SOURCE,
                "module/Kbuild.ftl",
                "# SPDX-License-Identifier: GPL-2.0-only\nobj-m := broken.o\n")));
        TextTree sources =
                new Renderer(templates).render(SchemaParser.packed(), Probe.of(kernel.headers()), Tool.current());

        assertThatThrownBy(() -> host.moduleBuild().build(kernel, "broken", sources))
                .isInstanceOf(HarnessException.class)
                .hasMessageContaining("the module does not compile for " + kernel.release())
                .hasMessageMatching("(?s).*broken[.]c:[0-9]+:12: error: .*nothing.* \\[template macros[.]ftl:4].*")
                .hasMessageMatching(
                        "(?s).*broken[.]c:[0-9]+:[0-9]+: error: expected .* \\[template module/broken[.]c[.]ftl:10].*");
    }
}
