package dev.graft.testing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What a user is told. */
public final class Refusals {
    private Refusals() {}

    /** The call ends in a {@link GraftException} of one line that has these parts. */
    public static AbstractThrowableAssert<?, ? extends Throwable> refused(ThrowingCallable call, String... parts) {
        return assertThatThrownBy(call)
                .isInstanceOf(GraftException.class)
                .hasMessageContainingAll(parts)
                .hasMessageNotContaining("\n");
    }
}
