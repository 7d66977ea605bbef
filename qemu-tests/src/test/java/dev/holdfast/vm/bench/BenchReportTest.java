// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the program wrote becomes figures and goals, by arithmetic alone. */
class BenchReportTest {

    /** Two rounds; ours is quicker with 4K, has no 2M, and is slower to create. */
    private static final String OUTPUT =
            """
            touch-filled holdfast-4K 1000
            touch-filled tmpfs-4K 3000
            touch-filled device-dax-4K 2000
            touch-filled tmpfs-2M 10
            touch-filled holdfast-4K 3000
            touch-filled tmpfs-4K 3000
            touch-filled device-dax-4K 3000
            touch-filled tmpfs-2M 10
            touch-filled holdfast-device-4K 1
            touch-filled holdfast-device-4K 1
            """ + preserved("1-GiB", 20) + preserved("1-GiB-device", 140) + preserved("4-GiB", 32)
                    + preserved("4-GiB-device", 300) + preserved("100000-files", 1) + files("read", 5, 10)
                    + files("write-over", 11, 10) + files("write-new", 10, 10)
                    + files("create-unlink", 30, 10) + files("setattr", 4, 3) + files("empty-ioctl", 1, 1)
                    + files("allocate", 1000, 2000) + files("free", 5, 10) + files("touch-filled-memory", 4, 0);

    @Test
    void ours_is_held_against_the_best_with_the_same_pages() {
        Goal goal = goal("First touch of 1 GiB that was allocated before, pages of 4K: ours / device-dax-4K");

        assertThat(goal.value()).isEqualTo(0.75);
        assertThat(goal.verdict()).isEqualTo(Goal.Verdict.MET);
    }

    @Test
    void a_goal_is_met_missed_or_within_the_spread() {
        assertThat(goal("read() of 1 MiB: ours / tmpfs").verdict()).isEqualTo(Goal.Verdict.MET);
        assertThat(goal("Create a file and remove it: ours / tmpfs"))
                .isEqualTo(new Goal("Create a file and remove it: ours / tmpfs", 3, 3, 3, 2, "", Goal.Verdict.MISSED));
        assertThat(Goal.of("", new Samples(List.of(0.9, 1.1, 1.1)), 1, "").verdict())
                .isEqualTo(Goal.Verdict.LEVEL);
    }

    @Test
    void a_commit_is_what_the_call_costs_above_one_that_does_nothing() {
        assertThat(goal("A commit, above an ioctl that does nothing").value()).isEqualTo(3);
    }

    @Test
    void memory_is_counted_for_each_further_gib_and_with_struct_pages_for_each_of_the_region() {
        assertThat(goal("Kernel memory for each further GiB that is preserved, mapped and touched")
                        .value())
                .isEqualTo(4);
        assertThat(goal("Kernel memory for each GiB of a region with struct pages, 4-GiB of it mapped and touched")
                        .value())
                .isEqualTo(50);
    }

    @Test
    void the_report_is_well_formed_and_says_what_is_missing(@TempDir Path directory) throws IOException {
        Evaluation.Result result = Evaluation.of(measured());
        BenchReport report =
                new BenchReport("6.12", "TCG", 2, result.goals(), result.figures(), List.of("holdfast-2M: refused"));
        BenchReport.write("filesystem", List.of(report), directory);

        JsonObject json = JsonParser.parseString(Files.readString(directory.resolve("filesystem.json")))
                .getAsJsonArray()
                .get(0)
                .getAsJsonObject();
        assertThat(json.getAsJsonArray("goals")).hasSameSizeAs(result.goals());
        assertThat(json.getAsJsonArray("figures")
                        .get(0)
                        .getAsJsonObject()
                        .getAsJsonArray("rows")
                        .get(1)
                        .getAsJsonObject()
                        .get("median")
                        .getAsDouble())
                .isEqualTo(3);
        assertThat(Files.readString(directory.resolve("filesystem.md")))
                .contains("Not measured: holdfast-2M: refused")
                .contains("| Create a file and remove it: ours / tmpfs | 3.00 (3.00 – 3.00) | 2.00 | not met |")
                .contains("| tmpfs-4K | 0 | 0 – 0 | 0 % |  |")
                .contains("| holdfast-4K | 2.00 | 1.50 – 2.50 | 50 % | 1.00 |");
    }

    @Test
    void what_is_no_measurement_is_refused() {
        assertThatThrownBy(() -> new Measurements().add("touch-filled holdfast-4K"))
                .hasMessage(
                        "the measuring program wrote 'touch-filled holdfast-4K', not a figure, a subject and a value");
    }

    private static Goal goal(String text) {
        return Evaluation.of(measured()).goals().stream()
                .filter(goal -> goal.text().equals(text))
                .findFirst()
                .orElseThrow();
    }

    private static Measurements measured() {
        Measurements measured = new Measurements();
        measured.add(OUTPUT);
        return measured;
    }

    private static String preserved(String subject, int kibibytes) {
        return String.format(
                "ready %1$s 1%nmount %1$s 1%nfind %1$s 1%nmount-memory %1$s %2$d%nmapped-memory %1$s %2$d%n",
                subject, kibibytes);
    }

    private static String files(String figure, int ours, int others) {
        String round =
                String.format("%1$s holdfast-4K %2$d%n%1$s tmpfs-4K %3$d%n%1$s tmpfs-2M %3$d%n", figure, ours, others);
        return round + round;
    }
}
