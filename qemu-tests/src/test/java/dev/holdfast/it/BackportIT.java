// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.codegen.Tool;
import dev.holdfast.codegen.probe.Fact;
import dev.holdfast.codegen.probe.Kernel;
import dev.holdfast.codegen.probe.Probe;
import dev.holdfast.codegen.probe.UnsupportedKernelException;
import dev.holdfast.codegen.render.LineMap;
import dev.holdfast.codegen.render.Renderer;
import dev.holdfast.codegen.schema.SchemaParser;
import dev.holdfast.vm.Command;
import dev.holdfast.vm.VmHost;
import dev.holdfast.vm.kernel.KernelList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A distribution takes one declaration over from a newer kernel: the headers of a stock kernel, with that one changed. Only what
 * rests on it is rendered in another way, whatever the kernel's version says.
 */
class BackportIT {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            6.12 | fs.h | int (*mkdir) (struct mnt_idmap * | struct dentry *(*mkdir) (struct mnt_idmap * | mkdir_returns=dentry | dir.c
            7.3  | fs.h | struct dentry *(*mkdir) (struct mnt_idmap * | int (*mkdir) (struct mnt_idmap * | mkdir_returns=int | dir.c
            6.1  | mm.h | static inline bool vma_is_anonymous( | void vm_flags_set(struct vm_area_struct *vma, vm_flags_t flags); static inline bool vma_is_anonymous( | vm_flags=vm_flags_set | map.c
            """)
    void one_declaration_changes_one_fact_and_what_rests_on_it(
            String version, String header, String was, String is, String fact, String file) throws IOException {
        Kernel stock = Probe.of(headers(version));

        change(version, header, was, is);
        Kernel backported = Probe.of(folder.resolve(headers(version).getFileName()));

        Map<String, String> facts = facts(stock);
        assertThat(facts).containsKey(name(fact)).doesNotContainEntry(name(fact), value(fact));
        facts.put(name(fact), value(fact));
        assertThat(facts(backported)).isEqualTo(facts);
        Map<String, String> before = rendered(stock);
        Map<String, String> after = rendered(backported);
        assertThat(after.keySet()).isEqualTo(before.keySet());
        assertThat(after.entrySet())
                .filteredOn(entry -> !before.entrySet().contains(entry))
                .extracting(Map.Entry::getKey)
                .containsExactly(file);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            6.12 | mm.h | (*huge_fault)(struct vm_fault *vmf, unsigned int order) | (*huge_fault)(struct vm_fault *vmf, long order) | huge_fault takes neither enum page_entry_size nor unsigned int
            7.3  | fs.h | struct dentry *(*mkdir) (struct mnt_idmap * | long (*mkdir) (struct mnt_idmap * | mkdir returns neither int nor struct dentry *
            """)
    void a_declaration_that_fits_nothing_is_refused_by_name_and_line(
            String version, String header, String was, String is, String refusal) throws IOException {
        Path changed = change(version, header, was, is);

        long line = 1
                + Files.readAllLines(changed).stream()
                        .takeWhile(text -> !text.contains(is))
                        .count();
        assertThatThrownBy(() -> Probe.of(folder.resolve(headers(version).getFileName())))
                .isInstanceOf(UnsupportedKernelException.class)
                .hasMessageEndingWith(": " + refusal + ", include/linux/" + header + ":" + line);
    }

    private static Path headers(String version) {
        return VmHost.here().kernel(KernelList.load().find(version)).headers();
    }

    /** Copies the headers of the kernel and changes one, which is returned. */
    private Path change(String version, String header, String was, String is) throws IOException {
        Path stock = headers(version);
        Command.of("cp", "-r", stock.resolveSibling(".").toString(), folder.toString())
                .run();
        Path common = folder.resolve(stock.getFileName().toString().replaceFirst("-cloud-amd64$", "-common"));
        Path file = common.resolve("include/linux").resolve(header);
        String text = Files.readString(file);
        assertThat(text).containsOnlyOnce(was);
        return Files.writeString(file, text.replace(was, is));
    }

    private static String name(String fact) {
        return fact.substring(0, fact.indexOf('='));
    }

    private static String value(String fact) {
        return fact.substring(fact.indexOf('=') + 1);
    }

    private static Map<String, String> facts(Kernel kernel) {
        return kernel.facts().stream().collect(Collectors.toMap(Fact::name, Fact::value));
    }

    private static Map<String, String> rendered(Kernel kernel) throws IOException {
        Map<String, String> files = new TreeMap<>(new Renderer(Renderer.packedTemplates())
                .render(SchemaParser.packed(), kernel, Tool.current())
                .files());
        files.remove(LineMap.FILE);
        return files;
    }
}
