// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.abi.FormatConstants;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/**
 * How to format a region. Start from {@link #defaults()}.
 *
 * @param label a name for the operator's eyes, at most 31 bytes of UTF-8, may be empty
 * @param uuid the identity of the region; if empty, the module makes one
 * @param recordSlots the most files and directories that the region can hold, 1024 to 4194304; 0 lets the module choose
 * @param overwrite whether to format a range that holds a region already: everything in it is lost
 * @param plain whether to use no features, so that the oldest modules can use the region: its files have no holes
 */
public record FormatOptions(String label, Optional<UUID> uuid, int recordSlots, boolean overwrite, boolean plain) {
    private static final String ACTION = "format with";
    private static final String METHOD = "FormatOptions";
    private static final UUID NIL = new UUID(0, 0);

    /**
     * States options.
     *
     * @throws InvalidArgumentException if the label is too long or contains NUL, the UUID is all zeros, or the number of slots is
     *     out of its limits
     */
    public FormatOptions {
        int bytes = label.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > FormatConstants.LABEL_MAX) {
            throw new InvalidArgumentException(
                    ACTION,
                    label,
                    METHOD,
                    "the label has " + bytes + " bytes",
                    "choose one of at most " + FormatConstants.LABEL_MAX);
        }
        if (label.indexOf('\0') >= 0) {
            throw new InvalidArgumentException(ACTION, label, METHOD, "the label contains NUL", "leave it out");
        }
        if (uuid.filter(NIL::equals).isPresent()) {
            throw new InvalidArgumentException(
                    ACTION,
                    NIL.toString(),
                    METHOD,
                    "a UUID of zeros is none",
                    "leave it out and let the module make one");
        }
        if (recordSlots != 0
                && (recordSlots < FormatConstants.RECORD_SLOTS_MIN || recordSlots > FormatConstants.RECORD_SLOTS_MAX)) {
            throw new InvalidArgumentException(
                    ACTION,
                    Integer.toString(recordSlots),
                    METHOD,
                    "the number of record slots is out of its limits",
                    "choose 0, or " + FormatConstants.RECORD_SLOTS_MIN + " to " + FormatConstants.RECORD_SLOTS_MAX);
        }
    }

    /** No label, a new UUID, as many records as the module thinks fit, and nothing that exists is overwritten. */
    public static FormatOptions defaults() {
        return new FormatOptions("", Optional.empty(), 0, false, false);
    }

    /** These options with another label. */
    public FormatOptions withLabel(String newLabel) {
        return new FormatOptions(newLabel, uuid, recordSlots, overwrite, plain);
    }

    /** These options with a given UUID. */
    public FormatOptions withUuid(UUID newUuid) {
        return new FormatOptions(label, Optional.of(newUuid), recordSlots, overwrite, plain);
    }

    /** These options with another number of record slots. */
    public FormatOptions withRecordSlots(int newRecordSlots) {
        return new FormatOptions(label, uuid, newRecordSlots, overwrite, plain);
    }

    /** These options, and a region that exists may be overwritten. */
    public FormatOptions overwriting() {
        return new FormatOptions(label, uuid, recordSlots, true, plain);
    }

    /** These options, and no features: the oldest modules can use the region, and its files have no holes. */
    public FormatOptions forOldModules() {
        return new FormatOptions(label, uuid, recordSlots, overwrite, true);
    }
}
