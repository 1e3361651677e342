#version 330 core
// A corner of a piece of line, placed by the program in framebuffer pixels.
layout(location = 0) in vec2 position;
layout(location = 1) in vec3 shape;  // across, half width, along, in pixels
layout(location = 2) in vec4 colour;
uniform vec2 size;  // of the framebuffer
noperspective out vec3 piece;
noperspective out vec4 ink;

void main() {
    gl_Position = vec4(position / size * 2.0 - 1.0, 0.0, 1.0);
    piece = shape;
    ink = vec4(colour.rgb * colour.a, colour.a);
}
