// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.channel;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * One line of the channel. Every line starts with {@code @} and the nonce of the run, so that anything else that reaches
 * the serial port is told apart; a message also carries its checksum.
 *
 * <pre>
 * &#64;NONCE stage NAME UPTIME        how far the kernel has come; said by init, before there is Java, and by the agent before its hello
 * &#64;NONCE failed REASON            init could not go on
 * &#64;NONCE json CRC32 {...}         a {@link Message}
 * </pre>
 */
public sealed interface Frame {

    /** The kernel has come to a stage of its start, {@code uptimeMillis} after its own clock started. */
    record Stage(String name, long uptimeMillis) implements Frame {}

    /** Init gave up. */
    record Failed(String reason) implements Frame {}

    /** A message, as JSON. */
    record Json(String text) implements Frame {}

    /** A line of this run that is not what was sent. */
    record Garbled(String line) implements Frame {}

    /** The line that carries a JSON text, with its line feed. */
    static String encode(String nonce, String json) {
        if (json.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("a message is one line: " + json);
        }
        return String.format(Locale.ROOT, "@%s json %08x %s\n", nonce, checksum(json), json);
    }

    /** The line that says how far the kernel has come, with its line feed. Made of little: guests may wait for who says so. */
    static String encodeStage(String nonce, String name, long uptimeMillis) {
        String hundredths = Long.toString(uptimeMillis / 10 % 100);
        return "@" + nonce + " stage " + name + " " + uptimeMillis / 1000 + (hundredths.length() < 2 ? ".0" : ".")
                + hundredths + "\n";
    }

    /** What a line without its line feed says; empty if it isn't of this run. Noise before the frame is skipped. */
    static Optional<Frame> decode(String nonce, String line) {
        String mark = "@" + nonce + " ";
        int start = line.lastIndexOf(mark);
        if (start < 0) {
            return Optional.empty();
        }
        String[] words = line.substring(start + mark.length()).split(" ", 3);
        return Optional.of(
                switch (words[0]) {
                    case "stage" -> stage(words, line);
                    case "failed" ->
                        new Failed(line.substring(start + mark.length() + "failed".length())
                                .strip());
                    case "json" -> json(words, line);
                    default -> new Garbled(line);
                });
    }

    private static Frame stage(String[] words, String line) {
        if (words.length != 3 || !words[2].matches("[0-9]{1,9}\\.[0-9]{2}")) {
            return new Garbled(line);
        }
        return new Stage(words[1], Long.parseLong(words[2].replace(".", "")) * 10);
    }

    private static Frame json(String[] words, String line) {
        if (words.length != 3 || !words[1].equals(String.format(Locale.ROOT, "%08x", checksum(words[2])))) {
            return new Garbled(line);
        }
        return new Json(words[2]);
    }

    private static long checksum(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return crc.getValue();
    }
}
