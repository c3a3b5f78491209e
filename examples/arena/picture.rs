//! The match as a picture: the paths of the units, crosses where they fell.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::Path;

use super::unit::Vec2;
use super::world::World;

/// Pixels of a side.
const SIDE: usize = 640;
/// Pixels of a step.
const SCALE: f64 = 12.0;

/// A square of pixels, red, green and blue.
struct Canvas(Vec<u8>);

impl Canvas {
    /// Sets a pixel, if it is on the canvas.
    fn set(&mut self, x: i64, y: i64, colour: [u8; 3]) {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else { return };
        if x < SIDE && y < SIDE {
            let at = 3 * (y * SIDE + x);
            self.0[at..at + 3].copy_from_slice(&colour);
        }
    }

    /// Draws a line.
    fn line(&mut self, from: (i64, i64), to: (i64, i64), colour: [u8; 3]) {
        let steps = (to.0 - from.0).abs().max((to.1 - from.1).abs()).max(1);
        for step in 0..=steps {
            let x = from.0 + (to.0 - from.0) * step / steps;
            let y = from.1 + (to.1 - from.1) * step / steps;
            self.set(x, y, colour);
        }
    }
}

/// The pixel of a point.
fn pixel(point: Vec2) -> (i64, i64) {
    let middle = SIDE as f64 / 2.0;
    ((middle + point.x * SCALE) as i64, (middle - point.y * SCALE) as i64)
}

/// Draws the match.
///
/// # Errors
/// The file cannot be written.
pub(super) fn draw(world: &World, path: &Path) -> io::Result<()> {
    let mut canvas = Canvas(vec![250; 3 * SIDE * SIDE]);
    for (unit, way) in world.units.iter().zip(&world.paths) {
        let colour = unit.team.colour();
        for step in way.windows(2) {
            canvas.line(pixel(step[0]), pixel(step[1]), colour);
        }
        let (x, y) = pixel(unit.position);
        for d in -4..=4 {
            if unit.alive() {
                canvas.line((x - 4, y + d), (x + 4, y + d), colour);
            } else {
                canvas.set(x + d, y + d, [0; 3]);
                canvas.set(x + d, y - d, [0; 3]);
            }
        }
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let side = SIDE as u32;
    let mut encoder = png::Encoder::new(BufWriter::new(File::create(path)?), side, side);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&canvas.0)?;
    writer.finish()?;
    Ok(())
}
