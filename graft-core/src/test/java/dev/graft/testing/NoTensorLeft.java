package dev.graft.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.tensor.Scope;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** Fails a test after which there are more or fewer native tensors than before it. */
public final class NoTensorLeft implements BeforeEachCallback, AfterEachCallback {
    private static final Namespace HERE = Namespace.create(NoTensorLeft.class);

    @Override
    public void beforeEach(ExtensionContext test) {
        test.getStore(HERE).put("live", Scope.liveTensors());
    }

    @Override
    public void afterEach(ExtensionContext test) {
        assertThat(Scope.liveTensors())
                .as("live tensors after the test")
                .isEqualTo(test.getStore(HERE).get("live", Long.class));
    }
}
