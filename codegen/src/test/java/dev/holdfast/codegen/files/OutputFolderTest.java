// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.codegen.CodegenException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OutputFolderTest {
    private static final Map<String, String> ABOUT = Map.of("tool", "test");

    @TempDir
    Path parent;

    private Path folder;

    @BeforeEach
    void name() {
        folder = parent.resolve("a/b");
    }

    @Test
    void writesFilesAndAManifestWithTheirHashes() throws IOException {
        int changed = write(Map.of("main.c", "int i;\n", "uapi/x.h", ""));

        assertThat(changed).isEqualTo(2);
        assertThat(contents()).isEqualTo(Map.of("main.c", "int i;\n", "uapi/x.h", "", Manifest.FILE, """
                {
                  "about": {
                    "tool": "test"
                  },
                  "files": {
                    "main.c": "7b8f44614f95bf4dc069c3efa4f3c13558ddad170a77dc52b93ef6c4a100ddd5",
                    "uapi/x.h": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
                  }
                }
                """));
    }

    @Test
    void leavesFilesAloneThatAreAsTheyShouldBe() throws IOException {
        write(Map.of("same.c", "same\n", "other.c", "old\n"));
        FileTime longAgo = FileTime.fromMillis(0);
        for (String name : new String[] {"same.c", "other.c", Manifest.FILE}) {
            Files.setLastModifiedTime(folder.resolve(name), longAgo);
        }

        int changed = write(Map.of("same.c", "same\n", "other.c", "new\n"));

        assertThat(changed).isEqualTo(1);
        assertThat(Files.getLastModifiedTime(folder.resolve("same.c"))).isEqualTo(longAgo);
        assertThat(Files.getLastModifiedTime(folder.resolve("other.c"))).isNotEqualTo(longAgo);
        assertThat(folder.resolve("other.c")).hasContent("new\n");

        Files.setLastModifiedTime(folder.resolve(Manifest.FILE), longAgo);
        assertThat(write(Map.of("same.c", "same\n", "other.c", "new\n"))).isZero();
        assertThat(Files.getLastModifiedTime(folder.resolve(Manifest.FILE))).isEqualTo(longAgo);
    }

    @Test
    void replacesAFileInOneStep() throws IOException {
        write(Map.of("main.c", "old\n"));
        Object before = inode("main.c");
        Path reader = folder.resolve("reader");
        Files.createLink(reader, folder.resolve("main.c"));

        write(Map.of("main.c", "new\n"));

        assertThat(inode("main.c")).isNotEqualTo(before);
        assertThat(reader).hasContent("old");
    }

    @Test
    void removesWhatItWroteEarlierAndTheFoldersThatThatEmpties() throws IOException {
        write(Map.of("main.c", "x\n", "deep/er/gone.c", "x\n", "kept/gone.c", "x\n"));
        Files.writeString(folder.resolve("kept/notes"), "mine\n");

        int changed = write(Map.of("main.c", "x\n"));

        assertThat(changed).isEqualTo(2);
        assertThat(contents()).containsOnlyKeys("main.c", "kept/notes", Manifest.FILE);
        assertThat(folder.resolve("deep")).doesNotExist();
    }

    @Test
    void refusesToOverwriteAFileThatItDidNotWrite() throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("main.c"), "mine\n");

        assertThatThrownBy(() -> write(Map.of("a.c", "x\n", "main.c", "x\n")))
                .isInstanceOf(CodegenException.class)
                .hasMessage(folder.resolve("main.c")
                        + " was not written by holdfast-codegen; move it away, or overwrite it with --force");
        assertThat(contents()).isEqualTo(Map.of("main.c", "mine\n"));
    }

    @Test
    void adoptsAFileThatIsAlreadyAsItShouldBe() throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("main.c"), "x\n");

        assertThat(write(Map.of("main.c", "x\n"))).isZero();
        assertThat(write(Map.of("main.c", "y\n"))).isEqualTo(1);
    }

    @Test
    void refusesToOverwriteAFileThatWasEdited() throws IOException {
        write(Map.of("main.c", "x\n"));
        Files.writeString(folder.resolve("main.c"), "edited\n");
        Map<String, String> before = contents();

        assertThatThrownBy(() -> write(Map.of("main.c", "y\n")))
                .isInstanceOf(CodegenException.class)
                .hasMessage(folder.resolve("main.c") + " was edited after holdfast-codegen wrote it; move it away, or"
                        + " lose the changes with --force");
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void refusesToRemoveAFileThatWasEdited() throws IOException {
        write(Map.of("main.c", "x\n", "old.c", "x\n"));
        Files.writeString(folder.resolve("old.c"), "edited\n");
        Map<String, String> before = contents();

        assertThatThrownBy(() -> write(Map.of("main.c", "y\n")))
                .isInstanceOf(CodegenException.class)
                .hasMessageStartingWith(folder.resolve("old.c") + " was edited");
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void forceOverwritesAndRemovesNonetheless() throws IOException {
        write(Map.of("edited.c", "x\n", "old.c", "x\n"));
        Files.writeString(folder.resolve("edited.c"), "edited\n");
        Files.writeString(folder.resolve("old.c"), "edited\n");
        Files.writeString(folder.resolve("mine.c"), "mine\n");

        new OutputFolder(folder, true).write(tree(Map.of("edited.c", "y\n", "mine.c", "y\n")), ABOUT);

        assertThat(contents()).containsOnlyKeys("edited.c", "mine.c", Manifest.FILE);
        assertThat(folder.resolve("edited.c")).hasContent("y");
        assertThat(folder.resolve("mine.c")).hasContent("y");
    }

    @Test
    void neverReplacesAFolderOrALink() throws IOException {
        Files.createDirectories(folder.resolve("main.c"));
        Files.writeString(parent.resolve("elsewhere"), "x\n");
        Files.createSymbolicLink(folder.resolve("link.c"), parent.resolve("elsewhere"));

        for (String name : new String[] {"main.c", "link.c"}) {
            assertThatThrownBy(() -> new OutputFolder(folder, true).write(tree(Map.of(name, "x\n")), ABOUT))
                    .isInstanceOf(CodegenException.class)
                    .hasMessage(folder.resolve(name) + " is in the way and no plain file; move it away");
        }
        assertThat(parent.resolve("elsewhere")).hasContent("x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{}",
                "{\"files\": {\"main.c\": null}}",
                "{\"files\": {\"/etc/passwd\": \"00\"}}",
                "{\"files\": {\"../main.c\": \"00\"}}",
                "{\"files\": {\"a/../../main.c\": \"00\"}}",
            })
    void refusesAManifestThatIsNone(String text) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(Manifest.FILE), text);

        assertThatThrownBy(() -> write(Map.of("main.c", "x\n")))
                .isInstanceOf(CodegenException.class)
                .hasMessage(folder.resolve(Manifest.FILE)
                        + " is no manifest of holdfast-codegen; remove it, or write into another folder");
        assertThat(contents()).containsOnlyKeys(Manifest.FILE);
    }

    @Test
    void makesScriptsExecutableAndNothingElse() throws IOException {
        write(Map.of("run", "#!/bin/sh\n", "main.c", "#define X\n"));

        assertThat(folder.resolve("run")).isExecutable();
        assertThat(Files.isExecutable(folder.resolve("main.c"))).isFalse();
    }

    @Test
    void copiesOtherFilesByteByByteAndSeesWhenTheyDiffer() throws IOException {
        Path original = Files.write(parent.resolve("x.jar"), new byte[] {(byte) 0xff, 0, '\n'});
        Content content = tree(Map.of("main.c", "x\n")).withCopies("lib", List.of(original));
        OutputFolder output = new OutputFolder(folder, false);

        output.write(content, ABOUT);

        assertThat(folder.resolve("lib/x.jar")).hasSameBinaryContentAs(original);
        assertThat(output.compare(content, ABOUT).isEmpty()).isTrue();
        Files.write(folder.resolve("lib/x.jar"), new byte[] {(byte) 0xfe, 0, '\n'});
        assertThat(output.compare(content, ABOUT).diff())
                .containsPattern("-[(]no text in UTF-8; SHA-256 [0-9a-f]{64}[)]\n[+][(]no text");
    }

    @Test
    void leavesNoTemporaryFileWhenItFails() throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("sub"), "a file, where a folder is needed\n");

        assertThatThrownBy(() -> write(Map.of("sub/main.c", "x\n"))).isInstanceOf(IOException.class);
        assertThat(contents()).containsOnlyKeys("sub");
    }

    private int write(Map<String, String> files) throws IOException {
        return new OutputFolder(folder, false).write(tree(files), ABOUT);
    }

    private static Content tree(Map<String, String> files) {
        return Content.of(new TextTree(new TreeMap<>(files)));
    }

    private Object inode(String name) throws IOException {
        return String.valueOf(
                Files.readAttributes(folder.resolve(name), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                        .fileKey());
    }

    private Map<String, String> contents() throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(Files::isRegularFile)
                    .collect(Collectors.toMap(path -> folder.relativize(path).toString(), OutputFolderTest::read));
        }
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
