"""The light on every surface, in GLSL; `light` of native/splat.h is the same in C."""

LIGHT_SOURCE = """
vec3 lit_colour(vec3 colour, vec3 normal) {
    float lit = max(dot(normal, vec3(-0.35, 0.5, 0.79)), 0.0);
    float rim = smoothstep(0.0, 0.5, normal.z);
    return colour * (0.53 + 0.52 * lit) * (0.66 + 0.34 * rim) + 0.18 * pow(lit, 24.0);
}
"""
