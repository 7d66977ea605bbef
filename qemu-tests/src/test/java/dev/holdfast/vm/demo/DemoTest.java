// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.holdfast.vm.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DemoTest {

    @Test
    void a_demo_that_cannot_run_replaces_an_old_result(@TempDir Path results) throws IOException {
        Path file = Files.writeString(results.resolve("result.json"), "{\"passed\": true}");
        StringWriter errors = new StringWriter();

        int exitCode = new CommandLine(new Demo(Map.of("HOLDFAST_QEMU", "/nowhere/qemu")))
                .setErr(new PrintWriter(errors, true))
                .setExecutionExceptionHandler(Main::failure)
                .execute("--results", results.toString());

        assertThat(exitCode).isEqualTo(1);
        String reason = "/nowhere/qemu not found: apt-get install qemu-system-x86";
        assertThat(errors.toString().strip()).isEqualTo("holdfast-demo: error: " + reason);
        JsonObject result = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        assertThat(result.get("passed").getAsBoolean()).isFalse();
        assertThat(result.get("reason").getAsString()).isEqualTo(reason);
    }
}
