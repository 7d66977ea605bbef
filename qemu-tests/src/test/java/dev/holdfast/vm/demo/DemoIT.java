// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import dev.holdfast.vm.cli.Main;
import dev.holdfast.vm.guest.PagePattern;
import dev.holdfast.vm.junit.QemuTest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The demo notices damage: one bit, changed from outside, is found by the program and in physical memory. */
@QemuTest
class DemoIT {

    private static final Pattern CHANGED = Pattern.compile("one bit at physical address 0x([0-9a-f]+) changes now");

    @Test
    void a_changed_bit_is_found_and_fails_the_demo(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path results)
            throws IOException {
        StringWriter told = new StringWriter();
        PrintWriter out = new PrintWriter(told, true);

        int exitCode = new CommandLine(new Demo(System.getenv()))
                .setOut(out)
                .setErr(out)
                .setExecutionExceptionHandler(Main::failure)
                .execute("--corrupt", "--results", results.toString());

        assertThat(exitCode).as(told.toString()).isEqualTo(1);
        DemoResult result = new Gson().fromJson(Files.readString(results.resolve("result.json")), DemoResult.class);
        assertThat(result.passed()).isFalse();
        assertThat(result.wrongPages()).containsExactly(1234L);
        assertThat(result.physicalPagesDifferent()).containsExactly(changedPage(told.toString()));
        assertThat(result.stateEqual()).isTrue();
        assertThat(told.toString()).contains("FAILED").doesNotContain("PASSED");
        assertGuestWentOn(result);
        assertThat(results.resolve("index.html"))
                .content()
                .contains("<rect ")
                .satisfies(page -> assertThat(page.split("data:image/svg", -1)).hasSizeGreaterThan(2));
    }

    /** The bit is in other memory than the guest's. */
    private static void assertGuestWentOn(DemoResult result) {
        assertThat(result.guestCounterAfter()).isGreaterThan(result.guestCounterBefore());
        assertThat(result.guestCounterBefore()).isPositive();
        assertThat(result.guestComplaints()).isEmpty();
        assertThat(result.pauseMillis()).containsKeys("quiesce", "save", "jump", "restore");
        assertThat(result.pauseMillis().values())
                .allSatisfy(millis -> assertThat(millis).isPositive());
    }

    private static String changedPage(String told) {
        Matcher changed = CHANGED.matcher(told);
        assertThat(changed.find()).as(told).isTrue();
        long address = Long.parseLong(changed.group(1), 16);
        return String.format("0x%x", address - address % PagePattern.PAGE);
    }
}
