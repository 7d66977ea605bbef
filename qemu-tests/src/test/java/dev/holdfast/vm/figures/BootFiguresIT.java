// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.figures;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import dev.holdfast.vm.cli.Main;
import dev.holdfast.vm.junit.QemuTest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The figures of a boot are measured, whatever they are. */
@QemuTest
class BootFiguresIT {

    @Test
    void every_part_of_a_boot_takes_its_time(@TempDir Path results) throws IOException {
        StringWriter told = new StringWriter();
        int exitCode = new CommandLine(new BootFigures())
                .setOut(new PrintWriter(told, true))
                .setErr(new PrintWriter(told, true))
                .setExecutionExceptionHandler(Main::failure)
                .execute("--kernel=6.1", "--runs=1", "--vng=/nowhere/vng", "--results=" + results);

        assertThat(exitCode).as(told.toString()).isZero();
        BootFigures.Row[] rows =
                new Gson().fromJson(Files.readString(results.resolve("figures.json")), BootFigures.Row[].class);
        assertThat(rows).hasSize(1);
        assertThat(rows[0].release()).startsWith("6.1.");
        BootTime time = rows[0].time();
        assertThat(time.qemu()).isPositive();
        assertThat(time.kernel()).isGreaterThan(100);
        assertThat(time.agent()).isPositive();
        assertThat(time.task()).isNotNegative();
        assertThat(rows[0].totalMillis()).isEqualTo(time.total());
        assertThat(told.toString()).contains(rows[0].release()).contains("not installed: ");
    }
}
