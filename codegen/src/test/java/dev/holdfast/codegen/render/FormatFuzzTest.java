// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * libFuzzer on the rooms that know the format: format_fuzz.c says what an input is and what must hold. "make fuzz" runs the same for
 * longer and adds what it found to the corpus, a text with one input a line.
 */
class FormatFuzzTest {

    private static final Path CORPUS = Path.of("src/test/resources/format-fuzz.corpus");
    private static final Path LOG = Path.of("target/format-fuzz.log");

    /** Longer inputs have more changes in them than can be told apart. */
    private static final int LONGEST = 256;

    private static final long RUNS = Long.getLong("fuzz.runs", 100_000);

    /** In seconds; 0: until all runs are done. */
    private static final long TIME = Long.getLong("fuzz.time", 0);

    @Test
    void whateverStandsInARegionNothingButAVerdictComesOfIt(@TempDir Path folder) throws Exception {
        FormatRooms rooms = fuzzer(folder);
        Path corpus = corpus(folder);

        int status = fuzz(rooms, LOG, corpus, "-runs=" + RUNS, "-max_total_time=" + TIME);

        String said = Files.readString(LOG);
        assertThat(status).as(said).isZero();
        assertThat(said).containsPattern("\nDone [1-9][0-9]* runs in ");
        if (Boolean.getBoolean("update.corpus")) {
            update(rooms, corpus);
        }
    }

    /** What a fuzzer does not find may be there or not: these are there. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            records.c    | count > HOLDFAST_RECORD_EXTENTS    | count > 0xffff              | use-after-poison
            records.c    | length <= HOLDFAST_NAME_MAX        | length <= 0xffff            | use-after-poison
            ranges.c     | start < to &&                      |                             | FAIL ranges_make_sense
            ranges.c     | start < physical + size)           | start > physical + size)    | FAIL ranges_make_sense
            ranges.c     | chosen == copy_at(memory, 0);      | chosen != copy_at(memory, 0); | FAIL head_holds
            leaves.c     | count <= HOLDFAST_LEAF_EXTENTS     | count <= 0xffff             | ERROR: AddressSanitizer
            leaves.c     | chosen == copies ? copies + 1 : copies, | copies,               | FAIL leaf_holds
            records.c    | chosen == a ? b : a, chosen        | chosen == a ? a : b, chosen | FAIL repair_holds
            records.c    | return of_b == HOLDFAST_SLOT_UNUSED | return of_a == HOLDFAST_SLOT_UNUSED | FAIL commit_holds
            superblock.c | (i ^ a_speaks)                     | (i ^ (a_speaks & 0))        | FAIL superblocks_hold
            copies.c     | holdfast_store_bytes(copy, block, checksum_at); |                             | FAIL
            """)
    void aDefectInARoomIsFound(String room, String right, String wrong, String found, @TempDir Path folder)
            throws Exception {
        FormatRooms rooms = FormatRooms.in(folder);
        rooms.spoil(room, right, wrong == null ? "" : wrong);
        build(rooms);

        Path log = folder.resolve("log");
        int status = fuzz(rooms, log, corpus(folder), "-runs=" + RUNS);

        assertThat(Files.readString(log)).contains(found);
        assertThat(status).isNotZero();
    }

    private static FormatRooms fuzzer(Path folder) throws Exception {
        FormatRooms rooms = FormatRooms.in(folder);
        build(rooms);
        return rooms;
    }

    private static void build(FormatRooms rooms) throws IOException, InterruptedException {
        List<String> clang = List.of("clang", "-std=gnu2x", "-O2");
        // The checksum takes most of the time, and a fuzzer has nothing to learn there.
        rooms.run(join(clang, "-c", "format_env_user.c"));
        rooms.compile("fuzz", join(clang, "-fsanitize=fuzzer,address,undefined"), "format_fuzz.c", "format_env_user.o");
    }

    private static List<String> join(List<String> words, String... more) {
        List<String> all = new ArrayList<>(words);
        all.addAll(List.of(more));
        return all;
    }

    private static int fuzz(FormatRooms rooms, Path log, Path corpus, String... options)
            throws IOException, InterruptedException {
        List<String> command = join(
                List.of("./fuzz", "-seed=1", "-max_len=" + LONGEST, "-use_value_profile=1", "-print_final_stats=1"),
                options);
        command.add(corpus.toString());
        return new ProcessBuilder(command)
                .directory(rooms.sources().toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
    }

    /** The corpus as libFuzzer wants it: a folder with a file for each input. */
    private static Path corpus(Path folder) throws IOException {
        Path corpus = Files.createDirectory(folder.resolve("corpus"));
        int number = 0;
        for (String line : Files.readAllLines(CORPUS)) {
            if (!line.startsWith("#")) {
                Files.write(
                        corpus.resolve(Integer.toString(number++)),
                        HexFormat.of().parseHex(line));
            }
        }
        return corpus;
    }

    /** Replaces the corpus by the smallest one that reaches as far. */
    private static void update(FormatRooms rooms, Path corpus) throws IOException, InterruptedException {
        Path merged = Files.createDirectory(corpus.resolveSibling("merged"));
        rooms.run(List.of("./fuzz", "-merge=1", merged.toString(), corpus.toString()));
        TreeSet<String> lines = new TreeSet<>();
        try (Stream<Path> inputs = Files.list(merged)) {
            for (Path input : inputs.toList()) {
                lines.add(HexFormat.of().formatHex(Files.readAllBytes(input)));
            }
        }
        List<String> text = join(List.of(), "# SPDX-License-Identifier: GPL-2.0-only");
        text.addAll(lines);
        Files.write(CORPUS, text);
    }
}
