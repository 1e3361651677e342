#version 330 core
noperspective in vec3 piece;  // across, half width, along (negative: solid), in pixels
noperspective in vec4 ink;    // premultiplied
uniform vec2 dash;  // length of a dash, and from one start to the next
out vec4 fragment;

void main() {
    // The share of a pixel that a band of this width covers, at this distance from its middle.
    float cover = clamp(piece.y + 0.5 - abs(piece.x), 0.0, min(1.0, 2.0 * piece.y));
    if (piece.z >= 0.0) {
        float at = mod(piece.z, dash.y);
        cover *= clamp(0.5 + min(at, dash.x - at), 0.0, 1.0);
    }
    fragment = ink * cover;
}
