// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.holdfast.codegen.probe.SyntheticKernel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MainTest {
    @TempDir
    Path folder;

    private SyntheticKernel tree;
    private String kernel;
    private String out;

    @BeforeEach
    void writeTree() throws IOException {
        tree = SyntheticKernel.in(folder.resolve("kernel"));
        kernel = tree.root().toString();
        out = folder.resolve("out").toString();
    }

    @Test
    void probePrintsATable() {
        Outcome outcome = run("probe", "--kernel", kernel);

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out())
                .startsWith("kernel 6.1.0-test\n")
                .containsPattern("(?m)^idmap +user_namespace +header +include/linux/fs.h:17$");
    }

    @Test
    void probePrintsJson() {
        Outcome outcome = run("probe", "--json", "--kernel", kernel);

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).startsWith("""
                {
                  "release": "6.1.0-test",
                  "facts": {
                    "idmap": {
                      "value": "user_namespace",
                      "how": "header",
                      "place": "include/linux/fs.h:17"
                    },
                """);
    }

    @Test
    void renderWritesTheModule() throws IOException {
        Outcome outcome = run("render", "--kernel", kernel, "--out", out);

        assertThat(outcome).isEqualTo(new Outcome(0, outcome.out(), ""));
        Map<String, String> files = contents(out);
        assertThat(outcome.out())
                .isEqualTo("%s: %2$d files for kernel 6.1.0-test, %2$d of them changed\n"
                        .formatted(out, files.size() - 1));
        assertThat(files).containsKeys("Kbuild", "Makefile", "format.h", "uapi/holdfast.h", "holdfast-manifest.json");
        assertThat(files.get("holdfast-manifest.json"))
                .contains("\"kernel\": \"6.1.0-test\"", "\"tool\": \"holdfast-codegen ", "\"schemaSha256\": \"");
        assertThat(String.join("", files.values())).doesNotContain(folder.toString());
    }

    @Test
    void renderIsByteIdenticalWhereverItRuns() throws IOException {
        run("render", "--kernel", kernel, "--out", out);
        Map<String, String> first = contents(out);
        String other = folder.resolve("elsewhere").toString();
        Locale locale = Locale.getDefault();
        TimeZone zone = TimeZone.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr-TR"));
            TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kathmandu"));
            assertThat(run("render", "--kernel", kernel, "--out", other).exitCode())
                    .isZero();
        } finally {
            Locale.setDefault(locale);
            TimeZone.setDefault(zone);
        }

        assertThat(contents(other)).isEqualTo(first);
        assertThat(run("render", "--kernel", kernel, "--out", out).out()).endsWith(", 0 of them changed\n");
        assertThat(contents(out)).isEqualTo(first);
    }

    @Test
    void renderHelpListsWhatCanBeInTheModule() {
        assertThat(run("render", "--help").out())
                .containsPattern("(?m)^  raw-device +in  +/dev/holdfast: ")
                .containsPattern("(?m)^  fault-injection +out +parameters ");
    }

    @Test
    void anUnknownLayoutIsOneLineThatListsTheKnown() {
        assertFails(
                2,
                "Invalid value for option '--layout': there is no layout 'tree'; there are: out-of-tree, dkms, in-tree; see"
                        + " holdfast-codegen render --help",
                "render",
                "--kernel",
                kernel,
                "--out",
                out,
                "--layout=tree");
    }

    @Test
    void inTreeTheModuleIsAFileSystemAmongTheOthers() throws IOException {
        Path linux = Files.createDirectories(Path.of(out, "fs/ext4"));
        Files.writeString(linux.resolve("inode.c"), "int i;\n");
        String[] render = {"render", "--kernel", kernel, "--out", out, "--layout=in-tree"};
        assertThat(run(render).exitCode()).isZero();

        Map<String, String> files = contents(out);
        assertThat(files)
                .containsKeys("include/uapi/linux/holdfast.h", "fs/holdfast/Kconfig", "fs/holdfast/vfs.h")
                .doesNotContainKeys("fs/holdfast/Kbuild", "fs/holdfast/uapi/holdfast.h");
        assertThat(files.get("fs/holdfast/Makefile"))
                .contains("obj-$(CONFIG_HOLDFAST_FS) += holdfast.o\n")
                .doesNotContain("KDIR");
        assertThat(files.get("fs/holdfast/super.c"))
                .contains("#include <uapi/linux/holdfast.h>\n", "render --layout=in-tree --kernel");

        String[] check = {"render", "--check", "--kernel", kernel, "--out", out, "--layout=in-tree"};
        assertThat(run(check)).isEqualTo(new Outcome(0, "", ""));
        Files.writeString(Path.of(out, "fs/holdfast/more.c"), "int i;\n");
        assertThat(run(check).err()).contains("0 changed, 0 missing, 1 extra;");
    }

    @Test
    void theManifestTellsWhatIsInTheModule() throws IOException {
        run("render", "--kernel", kernel, "--out", out, "--with", "fault-injection", "--without=raw-device");

        assertThat(contents(out).get("holdfast-manifest.json"))
                .contains("\"options\": \"fiemap tracepoints fault-injection\"");
        assertThat(contents(out)).containsKey("fault.c").doesNotContainKey("device.c");
    }

    @Test
    void renderCheckIsSilentWhereNothingDiffers() throws IOException {
        run("render", "--kernel", kernel, "--out", out);
        for (String built : new String[] {"main.o", "holdfast.ko", "holdfast.mod.c", ".main.o.cmd", "modules.order"}) {
            Files.writeString(Path.of(out, built), "built");
        }
        Map<String, String> before = contents(out);

        assertThat(run("render", "--check", "--kernel", kernel, "--out", out)).isEqualTo(new Outcome(0, "", ""));
        assertThat(contents(out)).isEqualTo(before);
    }

    @Test
    void renderCheckShowsWhatChangedIsMissingAndIsExtra() throws IOException {
        run("render", "--kernel", kernel, "--out", out);
        String region = Files.readString(Path.of(out, "region.h"));
        Files.writeString(Path.of(out, "region.h"), region.replaceFirst("\n[^\n]+\n$", "\n#endif /* edited */"));
        Files.delete(Path.of(out, "map.c"));
        Files.writeString(Path.of(out, "uapi/more.h"), "one\ntwo\n");
        Map<String, String> before = contents(out);

        Outcome outcome = run("render", "--check", "--kernel", kernel, "--out", out);

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err())
                .isEqualTo(
                        "holdfast-codegen: error: %s is not what would be rendered now: 1 changed, 1 missing, 1 extra;"
                                        .formatted(out)
                                + " render anew\n");
        assertThat(outcome.out())
                .startsWith("diff a/map.c b/map.c\n--- /dev/null\n+++ b/map.c\n@@ -0,0 +1,")
                .contains("--- a/region.h\n+++ b/region.h\n@@ -")
                .contains("-#endif /* edited */\n\\ No newline at end of file\n+#endif")
                .endsWith("--- a/uapi/more.h\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-one\n-two\n");
        assertThat(contents(out)).isEqualTo(before);
    }

    @Test
    void renderCheckPrintsADiffThatCanBeApplied() throws IOException, InterruptedException {
        run("render", "--kernel", kernel, "--out", out);
        Map<String, String> rendered = contents(out);
        tree.replace("include/linux/mm.h", "enum page_entry_size pe_size", "unsigned int order");
        tree.replace("include/linux/fs.h", "umode_t, bool", "umode_t");
        Files.delete(Path.of(out, "map.c"));
        Files.writeString(Path.of(out, "extra.c"), "extra\n");

        String diff = run("render", "--check", "--kernel", kernel, "--out", out).out();
        Files.writeString(folder.resolve("diff"), diff);
        Process git = new ProcessBuilder("git", "apply", folder + "/diff")
                .directory(Path.of(out).toFile())
                .inheritIO()
                .start();

        assertThat(git.waitFor()).isZero();
        assertThat(contents(out)).isNotEqualTo(rendered);
        assertThat(run("render", "--check", "--kernel", kernel, "--out", out)).isEqualTo(new Outcome(0, "", ""));
    }

    @Test
    void renderCheckWantsAFolder() {
        assertFails(
                1,
                out + ": no such folder; --check wants one that was rendered before",
                "render",
                "--check",
                "--kernel",
                kernel,
                "--out",
                out);
        assertThat(Path.of(out)).doesNotExist();
    }

    @Test
    void bindingsWritesTheJavaTypes() throws IOException {
        assertThat(run("bindings", "--out", out)).isEqualTo(new Outcome(0, "", ""));
        assertThat(contents(out))
                .containsKeys(
                        "dev/holdfast/abi/SuperblockLayout.java",
                        "dev/holdfast/abi/FormatArgs.java",
                        "dev/holdfast/abi/Ioctls.java",
                        "holdfast-manifest.json");
    }

    @Test
    void schemaOptionReplacesThePackedSchema() throws IOException {
        Path schema = Files.createDirectories(folder.resolve("schema"));
        Files.writeString(schema.resolve("zoo.yaml"), """
                unit: zoo
                doc: Animals.
                constants:
                  - {name: cages, type: u32, value: 7, doc: Cages.}
                """);

        run("bindings", "--schema", schema.toString(), "--out", out);

        assertThat(contents(out).get("dev/holdfast/abi/ZooConstants.java")).contains("int CAGES = 7;");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--help", "probe --help", "render --help", "bindings --help", "abi --help", "help render", "-h"})
    void helpGoesToStandardOutput(String arguments) {
        Outcome outcome = run(arguments.split(" "));

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).startsWith("Usage: holdfast-codegen");
        assertThat(outcome.err()).isEmpty();
    }

    @Test
    void helpListsTheExitCodes() {
        assertThat(run("--help").out()).contains("Exit codes:", "  0   done", "  4   the kernel lacks something");
    }

    @Test
    void versionIsThatOfTheBuild() {
        assertThat(run("--version").out()).matches("holdfast-codegen [0-9]+\\.[0-9]+\\.[0-9]+(-SNAPSHOT)?\n");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            probe                         | Missing required option: '--kernel=DIR'; see holdfast-codegen probe --help
            probe --kernel                | Missing required parameter for option '--kernel' (DIR); see holdfast-codegen probe --help
            probe --kernel x y            | Unmatched argument at index 3: 'y'; see holdfast-codegen probe --help
            render --kernel KERNEL        | Missing required option: '--out=DIR'; see holdfast-codegen render --help
            bindings --out x --kernel y   | Unknown options: '--kernel', 'y'; see holdfast-codegen bindings --help
            render --with raw             | Invalid value for option '--with' (NAME): there is no option 'raw' of the module; there are: raw-device, fiemap, tracepoints, fault-injection; see holdfast-codegen render --help
            rendr                         | Unmatched argument at index 0: 'rendr' (did you mean render?); see holdfast-codegen --help
            bindings --out x --forse      | Unknown option: '--forse' (did you mean --force?); see holdfast-codegen bindings --help
            ''                            | a command is missing; see holdfast-codegen --help
            """)
    void wrongUsageIsOneLineAndExitCode2(String arguments, String message) {
        assertFails(2, message, arguments.isEmpty() ? new String[0] : arguments.split(" "));
    }

    @Test
    void aMissingTreeIsOneLine() {
        assertFails(
                1,
                folder
                        + "/none: no such folder; --kernel wants a kernel build tree, such as /lib/modules/RELEASE/build",
                "render",
                "--kernel",
                folder + "/none",
                "--out",
                out);
        assertThat(Path.of(out)).doesNotExist();
    }

    @Test
    void aNameOfTwoLinesIsOneLine() {
        assertFails(
                1,
                folder + "/two lines: no such folder; --kernel wants a kernel build tree, such as"
                        + " /lib/modules/RELEASE/build",
                "probe",
                "--kernel",
                folder + "/two\nlines");
    }

    @Test
    void aFolderThatIsNoTreeIsOneLine() {
        assertFails(
                1,
                folder
                        + " is no configured kernel build tree: it has no Makefile; install the kernel's headers and pass"
                        + " their folder",
                "probe",
                "--kernel",
                folder.toString());
    }

    @Test
    void aKernelThatLacksSomethingIsOneLineAndExitCode4() throws IOException {
        tree.replace("Module.symvers", "\tmemremap\t", "\tforgotten\t");

        assertFails(
                4, "6.1.0-test: memremap is not exported, Module.symvers", "render", "--kernel", kernel, "--out", out);
        assertThat(Path.of(out)).doesNotExist();
    }

    @Test
    void anUnwritableFolderIsOneLine() throws IOException {
        assumeFalse(System.getProperty("user.name").equals("root"), "root may write anywhere");
        Path parent = Files.createDirectory(folder.resolve("locked"));
        Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("r-x------"));

        assertFails(1, parent + "/out: permission denied", "bindings", "--out", parent + "/out");
    }

    @Test
    void aFileWhereTheFolderShouldBeIsOneLine() throws IOException {
        Files.writeString(Path.of(out), "a file\n");

        assertFails(1, out + ": not a folder", "bindings", "--out", out);
    }

    @Test
    void aPlaceThatCannotExistIsOneLine() {
        assertFails(1, "/proc/none: no such file or folder", "bindings", "--out", "/proc/none/out");
    }

    @Test
    void aMissingSchemaIsOneLine() {
        assertFails(
                1,
                folder + "/none: no such folder; --schema wants the folder of the *.yaml files",
                "bindings",
                "--schema",
                folder + "/none",
                "--out",
                out);
    }

    @Test
    void aBadSchemaIsOneLineWithFileAndLine() throws IOException {
        Path schema = Files.createDirectories(folder.resolve("schema"));
        Files.writeString(schema.resolve("zoo.yaml"), "unit: zoo\nanimals: []\n");

        assertFails(
                1,
                schema
                        + "/zoo.yaml:2: unknown key 'animals' in a unit; known are unit, doc, constants, enums, flags, modinfo,"
                        + " structs, ioctls, errors",
                "bindings",
                "--schema",
                schema.toString(),
                "--out",
                out);
    }

    @Test
    void abiHoldsTheSchemaToWhatWasReleased() throws IOException {
        Path schema = Files.createDirectories(folder.resolve("schema"));
        Path zoo = schema.resolve("zoo.yaml");
        Path lock = schema.resolve("holdfast-v1.lock");
        String cages = "unit: zoo\ndoc: Animals.\nconstants:\n  - {name: cages, type: u32, value: 7, doc: Cages.}\n";
        Files.writeString(zoo, cages);
        String[] check = {"abi", "--schema", schema.toString()};
        String[] update = {"abi", "--update", "--schema", schema.toString()};
        assertFails(1, lock + ": no such file or folder", check);
        assertThat(run(update)).isEqualTo(new Outcome(0, lock + ": 1 lines, 1 of them new\n", ""));
        assertThat(run(check)).isEqualTo(new Outcome(0, "", ""));

        String doors = cages + "  - {name: doors, type: u32, value: 2, doc: Doors.}\n";
        Files.writeString(zoo, doors);
        assertThat(run(check)).isEqualTo(new Outcome(0, lock + ": not released yet: constant doors\n", ""));
        assertThat(lock).content().doesNotContain("doors");
        assertThat(run(update).out()).isEqualTo(lock + ": 2 lines, 1 of them new\n");
        assertThat(lock).content().endsWith("constant cages = u32 7\nconstant doors = u32 2\n");

        Files.writeString(zoo, doors.replace("value: 7", "value: 8").replace("doors", "gates"));
        String before = Files.readString(lock);
        for (String[] arguments : new String[][] {check, update}) {
            assertFails(
                    1,
                    lock + ": constant cages was released as 'u32 7' and is now 'u32 8', and 1 more; what is released"
                            + " never changes: give what is new a name of its own",
                    arguments);
        }
        assertThat(lock).content().isEqualTo(before);
    }

    @Test
    void aSchemaThatIsNoTextIsOneLine() throws IOException {
        Path schema = Files.createDirectories(folder.resolve("schema"));
        Files.write(schema.resolve("zoo.yaml"), new byte[] {(byte) 0xff, 0});

        assertFails(
                1, schema + "/zoo.yaml: not text in UTF-8", "bindings", "--schema", schema.toString(), "--out", out);
    }

    @Test
    void anEditedFileIsOneLine() throws IOException {
        run("bindings", "--out", out);
        Path edited = Path.of(out, "dev/holdfast/abi/Errno.java");
        Files.writeString(edited, "edited\n");

        assertFails(
                1,
                edited + " was edited after holdfast-codegen wrote it; move it away, or lose the changes with --force",
                "bindings",
                "--out",
                out);
        assertThat(run("bindings", "--force", "--out", out).exitCode()).isZero();
        assertThat(edited).content().contains("enum Errno");
    }

    @Test
    void aBadTemplateIsOneLineWithTemplateAndLine() throws IOException {
        Path templates = Files.createDirectories(folder.resolve("templates/module"));
        Files.writeString(templates.resolve("main.c.ftl"), "// SPDX-License-Identifier: GPL-2.0-only\n${nothing}\n");

        assertFails(
                1,
                "template module/main.c.ftl:2: The following has evaluated to null or missing: ==> nothing  [in template"
                        + " \"module/main.c.ftl\" at line 2, column 3]",
                "render",
                "--kernel",
                kernel,
                "--templates",
                folder + "/templates",
                "--out",
                out);
        assertThat(Path.of(out)).doesNotExist();
    }

    private static void assertFails(int exitCode, String message, String... arguments) {
        assertThat(run(arguments)).isEqualTo(new Outcome(exitCode, "", "holdfast-codegen: error: " + message + "\n"));
    }

    private record Outcome(int exitCode, String out, String err) {}

    private static Outcome run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Main.run(new PrintWriter(out), new PrintWriter(err), arguments);
        return new Outcome(exitCode, out.toString(), err.toString());
    }

    private static Map<String, String> contents(String root) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(Path.of(root))) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                contents.put(Path.of(root).relativize(file).toString(), Files.readString(file));
            }
        }
        return contents;
    }
}
