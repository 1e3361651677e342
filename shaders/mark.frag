#version 330 core
flat in vec4 fill_ink;  // premultiplied
flat in vec4 rim_ink;
flat in vec4 extent;  // radius, rim, half the sprite's side, glyph
out vec4 fragment;

// Signed distance to a glyph's edge, in pixels; areas are those of the disc of the same radius.
float distance_to_edge(vec2 p, float radius, int glyph) {
    if (glyph == 1) {
        return (abs(p.x) + abs(p.y) - 1.2533 * radius) * 0.7071;
    }
    if (glyph == 2) {
        float inside = 0.7776 * radius;  // the inscribed circle's radius
        return max(abs(p.x) * 0.8660 + p.y * 0.5, -p.y) - inside;
    }
    if (glyph == 3) {
        return max(abs(p.x), abs(p.y)) - 0.8862 * radius;
    }
    return length(p) - radius;
}

void main() {
    vec2 p = (gl_PointCoord - 0.5) * 2.0 * extent.z;
    p.y = -p.y;
    float radius = extent.x;
    float d = distance_to_edge(p, radius, int(extent.w + 0.5));
    // Smaller than a pixel: the covered share of it cannot exceed the area.
    float cover = clamp(0.5 - d, 0.0, min(1.0, 3.1416 * radius * radius));
    float in_rim = extent.y > 0.0 ? clamp(d + extent.y + 0.5, 0.0, 1.0) : 0.0;
    fragment = mix(fill_ink, rim_ink, in_rim) * cover;
}
