// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.render;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import dev.holdfast.codegen.Tool;
import dev.holdfast.codegen.bindings.Bindings;
import dev.holdfast.codegen.files.Content;
import dev.holdfast.codegen.files.FolderDifference;
import dev.holdfast.codegen.files.TextTree;
import dev.holdfast.codegen.probe.Fact;
import dev.holdfast.codegen.probe.Kernel;
import dev.holdfast.codegen.probe.Place;
import dev.holdfast.codegen.schema.Schema;
import dev.holdfast.codegen.schema.SchemaParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is rendered, beside the copy of it in the repository: a change of a template shows what it does. {@code make golden}
 * writes the copies anew. What says nothing of the templates is left out of them: versions, the schema's hash.
 */
final class GoldenTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final Tool TOOL = new Tool("holdfast-codegen", "0");

    /** As {@code probe --json} prints it. */
    private record Recorded(Map<String, Answer> facts) {
        private record Answer(String value, String place) {}

        private Kernel kernel(String release) {
            return new Kernel(
                    release,
                    facts.entrySet().stream()
                            .map(fact -> new Fact(
                                    fact.getKey(),
                                    fact.getValue().value(),
                                    new Place(fact.getValue().place(), 0)))
                            .toList());
        }
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void theModuleIsRenderedAsItsCopyShows(String kernel) throws IOException {
        Schema schema = SchemaParser.packed();
        Recorded recorded =
                new Gson().fromJson(Files.readString(GOLDEN.resolve("kernels/" + kernel + ".json")), Recorded.class);
        SortedMap<String, String> files = new TreeMap<>(new Renderer(Renderer.packedTemplates())
                .render(schema, recorded.kernel(kernel), TOOL)
                .files());
        files.remove(LineMap.FILE);

        assertIsAsCopied("module-" + kernel, schema, files);
    }

    private static List<String> recorded() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN.resolve("kernels"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .map(name -> name.substring(0, name.length() - ".json".length()))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void theBindingsAreRenderedAsTheirCopyShows() throws IOException {
        Schema schema = SchemaParser.packed();

        assertIsAsCopied("bindings", schema, Bindings.of(schema, TOOL).files());
    }

    private static void assertIsAsCopied(String name, Schema schema, SortedMap<String, String> rendered)
            throws IOException {
        SortedMap<String, String> files = new TreeMap<>(rendered);
        files.replaceAll((file, text) ->
                text.replace(schema.sha256(), "SHA-256").replace(schema.sha256().substring(0, 12), "HASH"));
        Path folder = GOLDEN.resolve(name);
        if (Boolean.getBoolean("update.golden")) {
            write(folder, files);
        }
        FolderDifference difference = FolderDifference.of(folder, Content.of(new TextTree(files)));
        assertThat(difference.isEmpty())
                .as(
                        "%s differs from what is rendered now; if that is wanted: make golden%n%s",
                        folder, difference.diff())
                .isTrue();
    }

    private static void write(Path folder, Map<String, String> files) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> walk = Files.walk(folder)) {
                for (Path old : walk.filter(Files::isRegularFile).toList()) {
                    Files.delete(old);
                }
            }
        }
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.resolveSibling("."));
            Files.writeString(path, file.getValue());
        }
    }
}
