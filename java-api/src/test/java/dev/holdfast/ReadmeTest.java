// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What README.md says about Java must compile. */
final class ReadmeTest {
    private static final Pattern EXAMPLE = Pattern.compile("(?s)```java\n(.*?)```");

    @Test
    void theExamplesAreCompiled() throws IOException {
        String readme = Files.readString(Path.of("../README.md"));
        String compiled = Files.readString(Path.of("src/test/java/dev/holdfast/ReadmeExample.java"))
                .indent(-4);

        List<String> examples = EXAMPLE.matcher(readme)
                .results()
                .map(example -> example.group(1))
                .toList();
        assertThat(examples)
                .hasSize(2)
                .allSatisfy(example -> assertThat(compiled).contains(example));
    }
}
