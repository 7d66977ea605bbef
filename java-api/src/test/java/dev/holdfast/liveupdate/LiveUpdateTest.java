// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.liveupdate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Finding;
import dev.holdfast.KexecCommandLine;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class LiveUpdateTest {
    private final LiveUpdate update = LiveUpdate.into(Path.of("vmlinuz"), Path.of("initrd"));

    private static Finding advice(Finding.Kind kind) {
        return new Finding(kind, false, "something", "do something");
    }

    private static Finding blocking(Finding.Kind kind) {
        return new Finding(kind, true, "something", "do something");
    }

    @ParameterizedTest
    @EnumSource(
            value = Finding.Kind.class,
            names = {"NO_MODULE", "UNREADABLE", "DAMAGED"})
    void someAdviceBlocksWithGuestsAtStake(Finding.Kind kind) {
        assertThat(update.judged(advice(kind))).isEqualTo(blocking(kind));
    }

    @ParameterizedTest
    @EnumSource(
            value = Finding.Kind.class,
            names = {"NO_MODULE", "UNREADABLE", "DAMAGED"},
            mode = EnumSource.Mode.EXCLUDE)
    void otherAdviceDoesNot(Finding.Kind kind) {
        assertThat(update.judged(advice(kind))).isEqualTo(advice(kind));
    }

    @ParameterizedTest
    @EnumSource(Finding.Kind.class)
    void whatBlocksDoesSoUntilItIsAccepted(Finding.Kind kind) {
        Arrays.stream(Finding.Kind.values()).filter(other -> other != kind).forEach(update::accepting);
        assertThat(update.judged(blocking(kind))).isEqualTo(blocking(kind));

        update.accepting(kind);

        assertThat(update.judged(blocking(kind))).isEqualTo(advice(kind));
        assertThat(update.judged(advice(kind))).isEqualTo(advice(kind));
    }

    @Test
    void theNextKernelIsQuicker() {
        update.commandLine(new KexecCommandLine("quiet -- single"));
        assertThat(update.image().commandLine()).isEqualTo("quiet cryptomgr.notests -- single");

        update.commandLine(new KexecCommandLine("cryptomgr.notests quiet"));
        assertThat(update.image().commandLine()).isEqualTo("cryptomgr.notests quiet");
    }
}
