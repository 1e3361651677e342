#version 330 core
layout(location = 0) in vec2 position;
layout(location = 1) in vec2 shape;  // radius and rim, in pixels
layout(location = 2) in vec4 fill;
layout(location = 3) in vec4 rim;
layout(location = 4) in float glyph;
uniform vec2 size;       // of the framebuffer
uniform vec4 to_pixels;  // scale, then what is at the lower left corner
uniform float radius_scale;
flat out vec4 fill_ink;
flat out vec4 rim_ink;
flat out vec4 extent;  // radius, rim, half the sprite's side, glyph

void main() {
    vec2 pixel = (position - to_pixels.zw) * to_pixels.xy;
    gl_Position = vec4(pixel / size * 2.0 - 1.0, 0.0, 1.0);
    float radius = shape.x * radius_scale;
    // Corners of the triangle are the farthest any glyph reaches, and half a pixel beyond its edge
    // the cover ends: so far from a straight edge, farther from a corner.
    float reach = glyph == 0.0 ? radius + 0.5 : 1.6 * radius + 1.0;
    gl_PointSize = 2.0 * reach;
    extent = vec4(radius, shape.y * radius_scale, reach, glyph);
    fill_ink = vec4(fill.rgb * fill.a, fill.a);
    rim_ink = vec4(rim.rgb * rim.a, rim.a);
}
