// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.files;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a folder differs from the files that should be in it.
 *
 * @param changed how many files are not as they should be
 * @param missing how many are not there
 * @param extra how many are there that should not be
 * @param diff a unified diff that makes the folder right, for {@code patch -p1} in the folder
 */
public record FolderDifference(int changed, int missing, int extra, String diff) {
    private static final int CONTEXT_LINES = 3;
    private static final String NOWHERE = "/dev/null";

    /** What kbuild leaves in a folder, and hidden files: no difference. */
    private static final Pattern BUILT =
            Pattern.compile("(.*/)?(\\..*|.*\\.(o|a|ko|mod|mod\\.c)|Module\\.symvers|modules\\.order)");

    /** How the folder differs from that content. */
    public static FolderDifference of(Path folder, Content content) throws IOException {
        Map<String, byte[]> expected = content.files();
        SortedSet<String> names = new TreeSet<>(expected.keySet());
        names.addAll(sourcesIn(folder, folder.resolve(content.home())));
        StringBuilder diff = new StringBuilder();
        int changed = 0;
        int missing = 0;
        int extra = 0;
        for (String name : names) {
            String is = text(folder.resolve(name));
            byte[] bytes = expected.get(name);
            String shouldBe = bytes == null ? null : text(bytes);
            if (Objects.equals(is, shouldBe)) {
                continue;
            }
            diff.append(unified(name, is, shouldBe));
            if (is == null) {
                missing++;
            } else if (shouldBe == null) {
                extra++;
            } else {
                changed++;
            }
        }
        return new FolderDifference(changed, missing, extra, diff.toString());
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return changed + missing + extra == 0;
    }

    private static List<String> sourcesIn(Path folder, Path home) throws IOException {
        if (!Files.isDirectory(home)) {
            return List.of();
        }
        try (Stream<Path> walk = Files.walk(home)) {
            return walk.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .map(path -> folder.relativize(path).toString())
                    .filter(name -> !BUILT.matcher(name).matches())
                    .toList();
        }
    }

    /** The text of a file; null if it is not there. What is no plain text is shown as what it is. */
    private static @Nullable String text(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return null;
        }
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            return "(no plain file)\n";
        }
        return text(Files.readAllBytes(path));
    }

    private static String text(byte[] content) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException e) {
            return "(no text in UTF-8; SHA-256 " + Sha256.of(content) + ")\n";
        }
    }

    private static String unified(String name, @Nullable String is, @Nullable String shouldBe) {
        List<String> from = lines(is);
        return "diff a/%s b/%<s\n".formatted(name)
                + UnifiedDiffUtils.generateUnifiedDiff(
                                is != null ? "a/" + name : NOWHERE,
                                shouldBe != null ? "b/" + name : NOWHERE,
                                from,
                                DiffUtils.diff(from, lines(shouldBe)),
                                CONTEXT_LINES)
                        .stream()
                        .map(line -> line + "\n")
                        .collect(Collectors.joining());
    }

    /** The lines, of which the last says, as diffs do, if nothing ends it. */
    private static List<String> lines(@Nullable String text) {
        if (text == null) {
            return List.of();
        }
        List<String> lines = new ArrayList<>(text.lines().toList());
        if (!text.isEmpty() && !text.endsWith("\n")) {
            int last = lines.size() - 1;
            lines.set(last, lines.get(last) + "\n\\ No newline at end of file");
        }
        return lines;
    }
}
