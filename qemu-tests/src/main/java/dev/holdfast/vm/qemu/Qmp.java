// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.qemu;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.holdfast.vm.HarnessException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** QEMU's machine protocol: JSON, a line each way. Events are passed over. */
public final class Qmp implements AutoCloseable {

    private final SocketChannel socket;
    private final BufferedReader reader;
    private final Gson gson = new Gson();

    Qmp(SocketChannel socket) throws IOException {
        this.socket = socket;
        this.reader = new BufferedReader(Channels.newReader(socket, StandardCharsets.UTF_8));
        readLine();
        execute("qmp_capabilities", Map.of());
    }

    /** Runs a command and returns what it returns. */
    public synchronized JsonElement execute(String command, Map<String, Object> arguments) throws IOException {
        String request = gson.toJson(Map.of("execute", command, "arguments", arguments)) + "\n";
        ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            socket.write(bytes);
        }
        while (true) {
            JsonObject answer = readLine();
            if (answer.has("return")) {
                return answer.get("return");
            }
            if (answer.has("error")) {
                throw new HarnessException("QEMU refused " + command + " " + arguments + ": "
                        + answer.getAsJsonObject("error").get("desc").getAsString());
            }
        }
    }

    private JsonObject readLine() throws IOException {
        String line = reader.readLine();
        if (line == null) {
            throw new IOException("QEMU closed its machine protocol");
        }
        return JsonParser.parseString(line).getAsJsonObject();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
