// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.image;

import dev.holdfast.vm.HarnessException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A name for what is made from given inputs: same inputs, same name. */
public final class ContentHash {

    private final MessageDigest digest;

    /** Starts with the recipe that the inputs are for; a new recipe is a new number. */
    public ContentHash(String recipe) {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        add(recipe);
    }

    /** Adds a text. */
    public ContentHash add(String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        return this;
    }

    /** Adds a file's content. */
    public ContentHash add(Path file) {
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new HarnessException("cannot read " + file, e);
        }
        return add("");
    }

    /** The name: 20 hexadecimal digits. */
    public String name() {
        return HexFormat.of().formatHex(digest.digest()).substring(0, 20);
    }
}
