// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.files;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/** SHA-256, in hexadecimal. */
public final class Sha256 {
    private Sha256() {}

    /** Hash of the bytes. */
    public static String of(byte[] content) {
        return HexFormat.of().formatHex(digest().digest(content));
    }

    /** Hash over names and content of files, in the order of the map. */
    public static String of(Map<String, String> files) {
        MessageDigest digest = digest();
        files.forEach((name, text) -> {
            digest.update(utf8(name + '\0'));
            digest.update(utf8(text.replace("\0", "\0\1") + '\0'));
        });
        return HexFormat.of().formatHex(digest.digest());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
