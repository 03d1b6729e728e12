package dev.graft.zoo;

/**
 * A place from which a backbone may be unfrozen. A stage begins at its first layer, in the order of computation, and ends
 * where the next one begins.
 *
 * @param name what users call it
 * @param first the name of its first layer, or what the names of its first layers begin with up to a dot
 */
public record Stage(String name, String first) {
    /** A stage that is called like its layers. */
    static Stage of(String layers) {
        return new Stage(layers, layers);
    }

    /** Whether a layer is the stage's first, or one of those below that name. */
    public boolean beginsWith(String layer) {
        return layer.equals(first) || layer.startsWith(first + ".");
    }
}
