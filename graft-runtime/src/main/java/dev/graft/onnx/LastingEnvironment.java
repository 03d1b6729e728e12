package dev.graft.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import dev.graft.ProcessEnd;
import java.lang.reflect.Field;
import java.lang.reflect.Method;

/**
 * ONNX Runtime's Java library has a hook of its own that gives up the native environment as soon as the process begins to
 * end, whatever runs in it: {@code System.exit} in the middle of a prediction crashed one process in five. The environment
 * counts who holds it, so one more holder, who never lets go, keeps it until {@link ProcessEnd} says that all is idle.
 */
final class LastingEnvironment {
    private LastingEnvironment() {}

    static OrtEnvironment open() {
        OrtEnvironment environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "graft");
        hold();
        ProcessEnd.guard();
        return environment;
    }

    /** There is no public way to hold it a second time; without this one all works but for such an end. */
    private static void hold() {
        try {
            Field api = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("ortApiHandle");
            Method create = OrtEnvironment.class.getDeclaredMethod("createHandle", long.class, int.class, String.class);
            api.setAccessible(true);
            create.setAccessible(true);
            create.invoke(null, api.getLong(null), OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR.getValue(), "graft");
        } catch (ReflectiveOperationException | RuntimeException e) {
            System.getLogger(LastingEnvironment.class.getName())
                    .log(System.Logger.Level.DEBUG, "ONNX Runtime's environment goes before what runs in it", e);
        }
    }
}
