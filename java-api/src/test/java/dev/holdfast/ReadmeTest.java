// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What README.md says about Java must compile. */
final class ReadmeTest {
    private static final String BEGIN = "```java\n";

    @Test
    void theExampleIsCompiled() throws IOException {
        String readme = Files.readString(Path.of("../README.md"));
        int begin = readme.indexOf(BEGIN) + BEGIN.length();
        String example = readme.substring(begin, readme.indexOf("```", begin));
        assertThat(example).contains("Region.mount");

        String compiled = Files.readString(Path.of("src/test/java/dev/holdfast/ReadmeExample.java"));
        assertThat(compiled.indent(-4)).contains(example);
    }
}
