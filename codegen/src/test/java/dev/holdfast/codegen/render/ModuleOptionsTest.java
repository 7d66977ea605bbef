// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.codegen.CodegenException;
import dev.holdfast.codegen.Tool;
import dev.holdfast.codegen.probe.Probe;
import dev.holdfast.codegen.probe.SyntheticKernel;
import dev.holdfast.codegen.schema.SchemaParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is left out of the module, and that nothing of it remains. */
final class ModuleOptionsTest {
    private static final Pattern OBJECT = Pattern.compile("\\b(\\w+)[.]o\\b");

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            RAW_DEVICE      | /dev/holdfast|device|miscdev|HOLDFAST_IOC_FORMAT|format_args|HOLDFAST_FORMAT_OVERWRITE|0xb7, 0|EEXIST: The range|ENXIO|superblock_init|superblock_erase|is_memory
            FIEMAP          | fiemap|FIEMAP
            TRACEPOINTS     | trace|CFLAGS
            FAULT_INJECTION | fault.o|holdfast_fault_step|steps|stop_after|park_after|panic(
            """)
    void whatIsLeftOutLeavesNoTrace(ModuleOption option, String line) throws IOException {
        String with = String.join("", render(List.of(option), List.of()).values());
        Map<String, String> without = render(List.of(), List.of(option));

        for (String trace : tracesIn(line)) {
            assertThat(with).contains(trace);
            without.forEach((name, text) -> assertThat(withoutProvenance(text))
                    .as("%s in %s", trace, name)
                    .doesNotContain(trace));
        }
    }

    @ParameterizedTest
    @EnumSource
    void kbuildListsExactlyTheFilesThatThereAre(ModuleOption option) throws IOException {
        assertThatKbuildListsTheFilesOf(render(List.of(option), List.of()));
        assertThatKbuildListsTheFilesOf(render(List.of(), List.of(option)));
    }

    @Test
    void whatIsLeftOutTakesItsFilesAlong() throws IOException {
        Set<String> defaults = render(List.of(), List.of()).keySet();

        assertThat(defaults).contains("attach.c", "device.c").doesNotContain("fault.c");
        assertThat(render(List.of(), List.of(ModuleOption.RAW_DEVICE)).keySet())
                .isEqualTo(defaults.stream()
                        .filter(name -> !List.of("attach.c", "device.c").contains(name))
                        .collect(Collectors.toSet()));
        assertThat(render(List.of(ModuleOption.FAULT_INJECTION), List.of()).keySet())
                .contains("fault.c")
                .containsAll(defaults);
    }

    @Test
    void everyFileSaysHowToGetItAgain() throws IOException {
        List<ModuleOption> with = List.of(ModuleOption.FAULT_INJECTION);

        assertThat(render(with, List.of(ModuleOption.FIEMAP)).get("main.c"))
                .contains(
                        "// holdfast-codegen render --kernel DIR --out DIR --without=fiemap\n// --with=fault-injection\n");
        assertThat(render(List.of(), List.of()).get("main.c"))
                .contains("// holdfast-codegen render --kernel DIR --out DIR\n/*");
    }

    @Test
    void refusesWhatIsUnknownOrBoth() {
        assertThatThrownBy(() -> ModuleOption.named("raw"))
                .isInstanceOf(CodegenException.class)
                .hasMessage("there is no option 'raw' of the module; there are: raw-device, fiemap, tracepoints,"
                        + " fault-injection");
        List<ModuleOption> same = List.of(ModuleOption.FIEMAP);
        assertThatThrownBy(() -> ModuleOptions.defaultsBut(same, same))
                .isInstanceOf(CodegenException.class)
                .hasMessage("option fiemap is both asked for and left out; drop --with or --without");
    }

    private static List<String> tracesIn(String line) {
        return List.of(line.split("[|]", -1));
    }

    private static String withoutProvenance(String text) {
        return text.replace("--without=raw-device", "")
                .replace("--without=fiemap", "")
                .replace("--without=tracepoints", "");
    }

    private static void assertThatKbuildListsTheFilesOf(Map<String, String> module) {
        Set<String> listed = new TreeSet<>();
        OBJECT.matcher(module.getOrDefault("Kbuild", "")
                        .replace("obj-m := holdfast.o", "")
                        .replace("CFLAGS_watch.o", ""))
                .results()
                .map(result -> result.group(1) + ".c")
                .forEach(listed::add);
        assertThat(listed)
                .isEqualTo(module.keySet().stream()
                        .filter(name -> name.endsWith(".c"))
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    private Map<String, String> render(List<ModuleOption> with, List<ModuleOption> without) throws IOException {
        return new Renderer(Renderer.packedTemplates())
                .render(
                        SchemaParser.packed(),
                        Probe.of(SyntheticKernel.in(folder).root()),
                        ModuleOptions.defaultsBut(with, without),
                        Tool.current())
                .files();
    }
}
