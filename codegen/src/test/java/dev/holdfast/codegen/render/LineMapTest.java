// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.codegen.CodegenException;
import dev.holdfast.codegen.Tool;
import dev.holdfast.codegen.files.TextTree;
import dev.holdfast.codegen.probe.Kernel;
import dev.holdfast.codegen.probe.Probe;
import dev.holdfast.codegen.probe.SyntheticKernel;
import dev.holdfast.codegen.schema.SchemaParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where rendered lines come from. */
final class LineMapTest {
    private static final Path FOLDER = Path.of("/somewhere/module");

    @TempDir
    Path folder;

    @Test
    void tellsEachLineFromTheTemplateThatItStandsIn() throws IOException {
        TextTree rendered = render(new TextTree(new TreeMap<>(Map.of("macros.ftl", """
                <#-- Of two
                     lines. -->
                <#macro pair a>
                first ${a}
                second ${(a?length > 0)?then("${a}", "}")}
                </#macro>
                """, "module/main.c.ftl", """
                <#include "/macros.ftl">
                // SPDX-License-Identifier: GPL-2.0-only
                <#if kernel.release?has_content>
                one
                <#else>
                none
                </#if>
                <@pair "x"/>

                <#list [1, 2] as i>
                  ${i}<#if i == 2> last</#if>
                </#list>
                a <#-- over
                lines --> b
                """))));

        List<String> lines = rendered.files().getOrDefault("main.c", "").lines().toList();
        assertThat(lines.subList(4, lines.size()))
                .containsExactly("one", "first x", "second x", "", "  1", "  2 last", "a  b");
        LineMap map = LineMap.in(rendered);
        assertThat(lines.stream()
                        .map(line -> map.explain(FOLDER, "main.c:" + (lines.indexOf(line) + 1) + ":1: error: x"))
                        .map(said -> said.replaceFirst("^[^\\[]*", "").replaceAll("[\\[\\]]|template ", "")))
                .containsExactly(
                        "module/main.c.ftl:2",
                        "",
                        "",
                        "",
                        "module/main.c.ftl:4",
                        "macros.ftl:4",
                        "macros.ftl:5",
                        "module/main.c.ftl:9",
                        "module/main.c.ftl:11",
                        "module/main.c.ftl:11",
                        "module/main.c.ftl:14");
    }

    @Test
    void everyLineOfTheModuleThatHasNothingToFillInIsThatOfItsTemplate() throws IOException {
        TextTree templates = Renderer.packedTemplates();
        TextTree rendered = render(templates);
        LineMap map = LineMap.in(rendered);
        int told = 0;
        int all = 0;
        for (Map.Entry<String, String> file : rendered.files().entrySet()) {
            List<String> lines = file.getValue().lines().toList();
            for (int number = 1; number <= lines.size(); number++) {
                String said = map.explain(FOLDER, file.getKey() + ":" + number + ": x");
                all++;
                if (said.contains(" [template ")) {
                    told++;
                    String[] origin = said.replaceAll(".*template |]", "").split(":", 2);
                    String line = templates
                            .files()
                            .getOrDefault(origin[0], "")
                            .lines()
                            .toList()
                            .get(Integer.parseInt(origin[1]) - 1);
                    if (!line.contains("${") && !line.contains("<#") && !line.contains("<@")) {
                        assertThat(lines.get(number - 1)).as(said).isEqualTo(line);
                    }
                }
            }
        }
        assertThat(told).isGreaterThan(all * 85 / 100);
        assertThat(rendered.files().values()).noneMatch(text -> text.contains("\u0001") || text.contains("\u0002"));
    }

    @Test
    void explainsWhatTheCompilerSaysOfRenderedFilesAndNothingElse() {
        LineMap map =
                LineMap.in(new TextTree(new TreeMap<>(Map.of(LineMap.FILE, "uapi/x.h:3 module/uapi/x.h.ftl:7 2\n"))));

        assertThat(map.explain(FOLDER, "/somewhere/module/uapi/x.h:4:2: error: no"))
                .isEqualTo("/somewhere/module/uapi/x.h:4:2: error: no [template module/uapi/x.h.ftl:8]");
        assertThat(map.explain(FOLDER, "In file included from uapi/x.h:3,"))
                .isEqualTo("In file included from uapi/x.h:3, [template module/uapi/x.h.ftl:7]");
        for (String other : List.of(
                "/elsewhere/uapi/x.h:4:2: error: no", "uapi/x.h:5: no", "  CC uapi/x.o", "see uapi/x.h:4: there", "")) {
            assertThat(map.explain(FOLDER, other)).isEqualTo(other);
        }
    }

    @Test
    void refusesAMapThatIsNone() {
        assertThatThrownBy(() -> LineMap.in(new TextTree(new TreeMap<>(Map.of(LineMap.FILE, "x\n")))))
                .isInstanceOf(CodegenException.class)
                .hasMessage("holdfast-lines.txt: not a line of such a file: 'x'; render anew");
    }

    private TextTree render(TextTree templates) throws IOException {
        Kernel kernel = Probe.of(SyntheticKernel.in(folder).root());
        return new Renderer(templates).render(SchemaParser.packed(), kernel, Tool.current());
    }
}
