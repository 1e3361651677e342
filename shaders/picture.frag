#version 330 core
uniform sampler2D picture;  // premultiplied, of the framebuffer's size
out vec4 fragment;

void main() {
    fragment = texelFetch(picture, ivec2(gl_FragCoord.xy), 0);
}
