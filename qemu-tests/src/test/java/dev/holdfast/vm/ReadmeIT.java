// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.holdfast.vm.kernel.KernelList;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** What qemu-tests/README.md shows works when it is copied: it is compiled and run as it stands there. */
@Tag("qemu")
class ReadmeIT {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Test
    void a_module_of_somebody_else_is_tested_in_twenty_lines() throws IOException {
        String example = example("AnswerIT.java");

        assertThat(example.lines()).hasSizeLessThanOrEqualTo(20);
        int kernels = KernelList.load().series().size();
        run("AnswerIT", example)
                .assertStatistics(stats -> stats.started(kernels).succeeded(kernels));
    }

    @Test
    void a_test_brings_typed_results_out() throws IOException {
        run("LoadedIT", example("LoadedIT.java"))
                .assertStatistics(stats -> stats.started(1).succeeded(1));
    }

    private static String example(String name) throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        Matcher example = Pattern.compile("<!-- " + Pattern.quote(name) + " -->\n```java\n(.*?)```\n", Pattern.DOTALL)
                .matcher(readme);
        assertThat(example.find()).as("README.md shows %s", name).isTrue();
        return example.group(1);
    }

    private Events run(String name, String source) throws IOException {
        Path file = Files.writeString(directory.resolve(name + ".java"), source);
        int failed = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-cp", System.getProperty("java.class.path"), "-proc:none", file.toString());
        assertThat(failed).as("errors of the compiler").isZero();
        try (URLClassLoader classes =
                new URLClassLoader(new URL[] {directory.toUri().toURL()}, ReadmeIT.class.getClassLoader())) {
            Events tests = EngineTestKit.engine("junit-jupiter")
                    .selectors(selectClass(Class.forName(name, false, classes)))
                    .configurationParameter("holdfast.kernels", "")
                    .configurationParameter("holdfast.newest", "false")
                    .execute()
                    .testEvents();
            tests.failed().stream().forEach(event -> event.getPayload().ifPresent(System.err::println));
            return tests;
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }
}
