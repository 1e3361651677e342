#version 330 core
noperspective in vec3 piece;  // across, half width, along, in pixels
noperspective in vec4 ink;    // premultiplied
out vec4 fragment;

// line.frag where no line is dashed: in software, what it leaves out is a good part of the work.
void main() {
    fragment = ink * clamp(piece.y + 0.5 - abs(piece.x), 0.0, min(1.0, 2.0 * piece.y));
}
