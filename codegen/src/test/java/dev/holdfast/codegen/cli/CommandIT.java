// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.codegen.probe.SyntheticKernel;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as it is run: from the jar, in a process of its own, wherever and under whichever locale. */
final class CommandIT {
    private static final String JAR = System.getProperty("holdfast.jar", "");

    @TempDir
    Path folder;

    private String kernel;

    @BeforeEach
    void writeTree() throws IOException {
        assertThat(new File(JAR)).as("the packaged jar").isFile();
        kernel = SyntheticKernel.in(folder.resolve("kernel")).root().toString();
    }

    @Test
    void rendersTheSameBytesUnderEveryLocaleAndTimeZone() throws IOException, InterruptedException {
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");

        assertThat(run(
                        Map.of("LC_ALL", "C", "TZ", "UTC"),
                        List.of(),
                        "render",
                        "--kernel",
                        kernel,
                        "--out",
                        "" + first))
                .isZero();
        List<String> foreign = List.of("-Duser.language=tr", "-Duser.country=TR", "-Dfile.encoding=ISO-8859-1");
        assertThat(run(
                        Map.of("LC_ALL", "C.UTF-8", "TZ", "Asia/Kathmandu"),
                        foreign,
                        "render",
                        "--kernel",
                        kernel,
                        "--out",
                        "" + second))
                .isZero();

        assertThat(contents(first)).containsKeys("Kbuild", "format.h").isEqualTo(contents(second));
        assertThat(folder.resolve("err")).isEmptyFile();
    }

    @Test
    void theDkmsLayoutCarriesTheProgramAndNoSources() throws IOException, InterruptedException {
        Path out = folder.resolve("dkms");
        String[] render = {"render", "--layout=dkms", "--with=fault-injection", "--kernel", kernel, "--out", "" + out};
        assertThat(run(Map.of(), List.of(), render)).isZero();

        assertThat(out.resolve("lib").resolve(Path.of(JAR).getFileName())).hasSameBinaryContentAs(Path.of(JAR));
        assertThat(out.resolve("render-module")).isExecutable().content().contains(" --with=fault-injection ");
        assertThat(out.resolve("Kbuild")).doesNotExist();
        assertThat(out.resolve("holdfast-manifest.json"))
                .content()
                .contains("\"kernel\": \"each that arrives\"", "\"layout\": \"dkms\"");
    }

    @Test
    void explainNamesTheTemplateOfWhatTheCompilerSays() throws IOException, InterruptedException {
        Path templates = Files.createDirectories(folder.resolve("templates/module"));
        Files.writeString(templates.resolve("main.c.ftl"), """
                // SPDX-License-Identifier: GPL-2.0-only
                <#list ["one", "two"] as name>
                int ${name}(void)
                {
                <#if name == "two">
                \treturn nothing;
                </#if>
                }
                </#list>
                """);
        String out = folder.resolve("module").toString();
        assertThat(run(
                        Map.of(),
                        List.of(),
                        "render",
                        "--templates",
                        folder + "/templates",
                        "--kernel",
                        kernel,
                        "--out",
                        out))
                .isZero();
        File said = folder.resolve("said").toFile();
        new ProcessBuilder("gcc", "-c", out + "/main.c", "-o", "/dev/null")
                .redirectError(said)
                .start()
                .waitFor();

        assertThat(builder(List.of(), "explain", out)
                        .redirectInput(said)
                        .start()
                        .waitFor())
                .isZero();

        assertThat(folder.resolve("out"))
                .content()
                .containsPattern("main[.]c:[0-9]+:16: error: .*nothing.* [\\[]template module/main[.]c[.]ftl:6]\n");
        assertThat(run(Map.of(), List.of(), "explain", "" + folder)).isEqualTo(1);
        assertThat(folder.resolve("err"))
                .hasContent("holdfast-codegen: error: " + folder
                        + " has no holdfast-lines.txt; explain wants a folder that render wrote");
    }

    @Test
    void exitsWithTheCodeOfTheFailure() throws IOException, InterruptedException {
        assertThat(run(Map.of(), List.of(), "render")).isEqualTo(2);
        assertThat(folder.resolve("err")).content().hasLineCount(1);
        assertThat(run(Map.of(), List.of(), "probe", "--kernel", folder + "/none"))
                .isEqualTo(1);
        assertThat(folder.resolve("err")).content().hasLineCount(1);
    }

    @Test
    void saysWhenItsOutputIsLost() throws IOException, InterruptedException {
        Process process = builder(List.of(), "probe", "--kernel", kernel)
                .redirectOutput(new File("/dev/full"))
                .start();

        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(folder.resolve("err")).hasContent("holdfast-codegen: error: standard output cannot be written");
    }

    private int run(Map<String, String> environment, List<String> options, String... arguments)
            throws IOException, InterruptedException {
        ProcessBuilder builder = builder(options, arguments);
        builder.environment().putAll(environment);
        return builder.start().waitFor();
    }

    private ProcessBuilder builder(List<String> options, String... arguments) {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
        command.addAll(options);
        command.addAll(List.of("-cp", JAR + File.pathSeparator + libraries(), Main.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
    }

    /** The class path of this test without the classes under test. */
    private static String libraries() {
        return String.join(
                File.pathSeparator,
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                        .filter(entry -> entry.endsWith(".jar"))
                        .toList());
    }

    private static Map<String, String> contents(Path root) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(root)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                contents.put(root.relativize(file).toString(), Files.readString(file));
            }
        }
        return contents;
    }
}
